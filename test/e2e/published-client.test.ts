// The published client in a project of its own. `test/package` has the long form: npm, Node 20 to 24, two compilers.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClientProject, createClientProject, packClient } from "../fixtures/client-project.ts";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

let folder: string;
let project: ClientProject;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nocp-packed-"));
  project = await createClientProject(await packClient(folder), "link");
  installed = join(project.folder, "node_modules", "@nocp", "client");
});
afterAll(async () => {
  await project?.remove();
  await rm(folder, { recursive: true, force: true });
});

describe("its declarations", () => {
  test.each(["nodenext", "bundler"] as const)("compile without an error, strictly, with module resolution %s", async (module) => {
    expect(await project.compile(module)).toBe("");
  });

  test("say of every exported type what it is", async () => {
    const text = await readFile(join(installed, "dist", "index.d.ts"), "utf8");
    const exported = /export type \{([^}]*)\};?\s*$/
      .exec(text)?.[1]
      ?.split(",")
      .map((name) => name.trim().split(" ")[0] ?? "");
    expect(exported?.length).toBeGreaterThan(15);
    const undocumented = exported?.filter((name) => !new RegExp(`\\*/\\n(?:declare )?(?:interface|type) ${name}\\b`).test(text));
    expect(undocumented).toEqual([]);
    const values = [...text.matchAll(/^export declare (?:class|const|function) (\w+)/gm)].map(([, name]) => name);
    expect(values.sort()).toEqual(["MissingPayloads", "NocpError", "createClient", "createRequestId", "restoreText"]);
    for (const name of values) expect(text).toMatch(new RegExp(`\\*/\\nexport declare (?:class|const|function) ${name}\\b`));
  });

  test("describe the fields of requests and results as their schemas do", async () => {
    const text = await readFile(join(installed, "dist", "index.d.ts"), "utf8");
    expect(text).toMatch(/\* The question to answer\.\n\s*\*\/\n\s*query\?:/);
    expect(text).not.toMatch(/zod/i);
  });
});

test("it is a package that can be published, with nothing in it that callers do not need", async () => {
  const manifest = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
  expect(manifest).not.toHaveProperty("private");
  expect(manifest.engines.node).toBe(">=20");
  for (const version of Object.values(manifest.dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(
    Object.keys(manifest.dependencies).filter((name) => /^@nocp|yaml|pino|prom-client|tiktoken|tokenizer|sdk/.test(name)),
  ).toEqual([]);
  for (const file of ["README.md", "LICENSE", "dist/index.js"])
    expect(await readFile(join(installed, file), "utf8")).not.toBe("");
  const code = await readFile(join(installed, "dist", "index.js"), "utf8");
  const foreign = ["createNatsArchive", "createStageRunner", "loadConfig", "createTokenCounter", "extendLedger"];
  expect(foreign.filter((name) => code.includes(name))).toEqual([]);
});

describe("in a running deployment", () => {
  let deployment: TestDeployment;
  beforeAll(async () => {
    deployment = await startTestDeployment();
  });
  afterAll(() => deployment?.end());

  test("it asks a question, hears the answer as it is written, and ends", async () => {
    const output = JSON.parse(await project.run(process.execPath, deployment.natsUrl));
    expect(output.answer).toContain("20 MB");
    expect(output).toMatchObject({
      deltas: output.answer,
      again: output.answer,
      refused: "INVALID_REQUEST",
      sessions: [],
      dead: [],
    });
  });
});
