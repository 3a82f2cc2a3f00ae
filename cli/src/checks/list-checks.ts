// The checks of the sources, in the order in which they run.
import { readdirSync } from "node:fs";
import { join } from "node:path";

export interface Check {
  readonly name: string;
  /** What it looks at, for --help and failures. */
  readonly summary: string;
  /** Arguments of the pinned Node, relative to the project's folder. */
  readonly args: readonly string[];
  /** Seconds or less: what the pre-commit hook runs. */
  readonly isFast: boolean;
}

/** Files generated from the sources, e.g. JSON Schemas: an exporter run with --check fails when its output is not what is stored. */
function exporterChecks(root: string): Check[] {
  const exporters = readdirSync(join(root, "cli", "src")).filter((name) => /^export-[a-z-]+\.ts$/.test(name));
  return exporters.sort().map((name) => ({
    name: name.slice("export-".length, -".ts".length),
    summary: `what cli/src/${name} generates is up to date`,
    args: [join("cli", "src", name), "--check"],
    isFast: true,
  }));
}

export const listChecks = (root: string): Check[] => [
  {
    name: "types",
    summary: "TypeScript finds no error",
    args: ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"],
    isFast: true,
  },
  {
    name: "style",
    summary: "Biome finds nothing to format or lint",
    args: ["node_modules/@biomejs/biome/bin/biome", "check", "."],
    isFast: true,
  },
  {
    name: "unused",
    summary: "knip finds no unused file, export or package",
    args: ["node_modules/knip/bin/knip.js"],
    isFast: false,
  },
  {
    name: "expressions",
    summary: "no regular expression does more than linear work (recheck)",
    args: ["cli/src/checks/check-expressions.ts"],
    isFast: false,
  },
  ...exporterChecks(root),
];
