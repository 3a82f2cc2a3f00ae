// The published client as npm installs it, on every Node and with every compiler that it promises to work with.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClientProject, createClientProject, packClient } from "../fixtures/client-project.ts";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

const nodes = { node20: "20", node22: "22", node24: "24" };
const compilers = { typescript5: "5.9", typescript7: "7.0.2" };

let folder: string;
let project: ClientProject;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nocp-packed-"));
  const packages = [
    "@types/node@20",
    ...Object.entries(compilers).map(([alias, version]) => `${alias}@npm:typescript@${version}`),
    ...Object.entries(nodes).map(([alias, major]) => `${alias}@npm:node-${process.platform}-${process.arch}@${major}`),
  ];
  project = await createClientProject(await packClient(folder), "registry", packages);
});
afterAll(async () => {
  await project?.remove();
  await rm(folder, { recursive: true, force: true });
});

const installed = (...path: string[]): string => join(project.folder, "node_modules", ...path);

describe.each(Object.keys(compilers))("its declarations under %s", (compiler) => {
  test.each(["nodenext", "bundler"] as const)("compile without an error with module resolution %s", async (module) => {
    expect(await project.compile(module, installed(compiler, "bin", "tsc"))).toBe("");
  });
});

describe("in a running deployment", () => {
  let deployment: TestDeployment;
  beforeAll(async () => {
    deployment = await startTestDeployment();
  });
  afterAll(() => deployment?.end());

  test.each(Object.entries(nodes))("it asks a question on %s", async (alias, major) => {
    const node = installed(alias, "bin", "node");
    const { stdout: version } = await promisify(execFile)(node, ["--version"]);
    expect(version).toMatch(new RegExp(`^v${major}\\.`));
    const output = JSON.parse(await project.run(node, deployment.natsUrl));
    expect(output.answer).toContain("20 MB");
    expect(output).toMatchObject({ deltas: output.answer, again: output.answer, refused: "INVALID_REQUEST" });
  });
});
