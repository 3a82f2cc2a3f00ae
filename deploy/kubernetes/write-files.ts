// Writes the Kustomize files of this folder from the Helm chart: node deploy/kubernetes/write-files.ts [path of helm]
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { kustomizeFiles } from "./rendered-chart.ts";

for (const { path, text } of kustomizeFiles(process.argv[2] ?? "helm")) {
  const file = join(import.meta.dirname, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
