// One plugin of each kind is added to a copy of the project, as CONTRIBUTING.md says, and works.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { follow, stepsOf } from "./contributing-steps.ts";
import { createScratchCopy, type ScratchCopy } from "./scratch-copy.ts";
import { root } from "./source-file.ts";

const minute = 60_000;
const contributing = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");

/** What each section of CONTRIBUTING.md may touch. What `./nocp docs` writes comes on top. */
const kinds = [
  ["Add a tool", ["services/act/src/tools/text-length.ts"]],
  ["Add a compression strategy", ["services/assess/src/compression-strategies/whole-documents.ts"]],
  ["Add a provider", ["shared/models/src/vendors/cohere/stream-beginning.json", "shared/models/src/vendors/cohere/vendor.ts"]],
  ["Add a routing strategy", ["services/llm-router/src/routing-strategies/own-machines-first.ts"]],
  ["Add an output format", ["shared/contracts/src/request.ts", "shared/text/src/formats/formats/json-indented.ts"]],
  ["Add a fact", ["shared/contracts/src/messages.ts", "shared/contracts/src/topology.ts"]],
  [
    "Add a stage",
    [
      "services/correct/package.json",
      "services/correct/src/handle.ts",
      "services/correct/src/main.ts",
      "shared/contracts/src/topology.ts",
    ],
  ],
] as const;
/** Names under which the conformance suites know them. */
const plugins = ["text-length", "whole-documents", "cohere", "own-machines-first", "json-indented"];

let copy: ScratchCopy;
beforeAll(() => {
  copy = createScratchCopy();
}, minute);
afterAll(() => copy?.remove());

/** Runs the pinned Node in the copy, as a fresh process of a user would. @throws Error with all output. */
async function run(args: readonly string[]): Promise<void> {
  const environment = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|TEST$)/.test(name));
  const options = { cwd: copy.root, env: Object.fromEntries(environment), maxBuffer: 64 * 1024 * 1024 };
  try {
    await promisify(execFile)(process.execPath, args, options);
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

describe("following CONTRIBUTING.md", () => {
  test.each(kinds)("%s: touches %j", (heading, files) => {
    for (const step of stepsOf(contributing, heading)) follow(step, copy.root);
    expect(copy.changedFiles()).toEqual([...files]);
  });

  test("./nocp docs changes generated files only, those of the deployment among them", { timeout: 5 * minute }, async () => {
    await run(["cli/src/main.ts", "docs"]);
    const generated = copy.changedFiles();
    expect(generated).toEqual(expect.arrayContaining(["docs/request.schema.json", "docs/completion-drafted.schema.json"]));
    const deployment = generated.filter((file) => !file.startsWith("docs/"));
    expect(deployment).toEqual([
      "deploy/compose/chain.yaml",
      "deploy/helm/nocp/files/access.yaml",
      "deploy/helm/nocp/files/topology.yaml",
      "deploy/prometheus/prometheus.yml",
      "docker-compose.yml",
    ]);
  });

  test("the types fit", { timeout: 5 * minute }, async () => {
    await run(["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"]);
  });

  test("the conformance suites run over what was added, and it passes", { timeout: 5 * minute }, async () => {
    const report = join(copy.root, "report.json");
    const chosen = ["--project", "conformance", "--testNamePattern", plugins.join("|")];
    await run(["node_modules/vitest/vitest.mjs", "run", ...chosen, "--reporter=json", `--outputFile=${report}`]);
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
      testResults: { assertionResults: { fullName: string; status: string }[] }[];
    };
    const ran = testResults.flatMap((file) => file.assertionResults).filter(({ status }) => status === "passed");
    for (const plugin of plugins) expect(ran.some(({ fullName }) => fullName.includes(plugin))).toBe(true);
  });
});
