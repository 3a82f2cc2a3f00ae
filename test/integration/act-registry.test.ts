import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createToolRegistry, loadTools, loadUserTools, parseArguments } from "@nocp/act/tool-registry.ts";
import type { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { afterAll, expect, test } from "vitest";
import { createTestTools } from "../fixtures/act-test-tool.ts";

const base = mkdtempSync(join(tmpdir(), "nocp-act-tools-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** A folder with these files. */
function folderOf(name: string, files: Record<string, string>): string {
  const folder = join(base, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

const plainTool = (fields: string): string =>
  `export default { name: "plain", description: "d", arguments: { type: "object", properties: { n: { type: "integer" } } }, run: ({ n }) => n + 1, ${fields} };`;

const refuse = (problem: NocpError): never => {
  throw problem;
};

const examples = resolve(import.meta.dirname, "../../examples/tools");

test("the example tool runs as it is, beside act's own", async () => {
  const own = resolve(import.meta.dirname, "../../services/act/src/tools");
  const builtIn = await loadTools(own);
  const tools = [...builtIn, ...(await loadUserTools(examples, builtIn, refuse))];
  expect(tools.map(({ name }) => name).sort()).toEqual([
    "context.retrieve",
    "date.difference",
    "file.read",
    "file.search",
    "http.get",
    "sql.query",
  ]);
  const { runTools } = createTestTools(tools.filter(({ name }) => name === "date.difference"));
  const call = (to: string) => ({ id: "c", name: "date.difference", arguments: { from: "2024-02-28", to } });
  const [result] = await runTools([call("2024-03-01")], 0, createTestContext());
  expect(result?.data).toEqual({
    days: 2,
    from: { date: "2024-02-28", weekday: "Wednesday" },
    to: { date: "2024-03-01", weekday: "Friday" },
  });
  const [wrong] = await runTools([call("2024-02-30")], 0, createTestContext());
  expect(wrong?.error).toMatchObject({ code: "TOOL_FAILED", message: "there is no date 2024-02-30" });
});

test("a tool without imports, in JavaScript or TypeScript, gets defaults, and refuses arguments it does not name", async () => {
  const folder = folderOf("plain", {
    "plain.js": plainTool(""),
    "typed.ts":
      'const name: string = "typed"; export default { name, description: "d", arguments: { type: "object" }, run: (): number => 1 };',
    "common.mjs":
      'export default { name: "open", description: "d", arguments: { type: "object", additionalProperties: true }, run: (input) => input };',
    "notes.md": "not a tool",
  });
  const [open, plain, typed] = await loadUserTools(folder, [], refuse);
  expect([open?.name, plain?.name, typed?.name]).toEqual(["open", "plain", "typed"]);
  expect(plain).toMatchObject({ timeoutMs: 10_000, idempotent: false, maxAttempts: 1, cacheTtlMs: 0 });
  expect(() => parseArguments(plain!, { n: "one" })).toThrow(/n: .*number/);
  expect(() => parseArguments(plain!, { n: 1, m: 2 })).toThrow(/"m"/);
  expect(parseArguments(open!, { anything: 1 })).toEqual({ anything: 1 });
  expect(createToolRegistry([plain!], () => ({})).offer("plain").parameters).toMatchObject({
    type: "object",
    additionalProperties: false,
  });
});

test.each([
  ["no name", "nameless", { "a.js": plainTool("name: undefined") }, /name/],
  ["a name with spaces", "spaced", { "a.js": plainTool('name: "A tool"') }, /lower case/],
  ["nothing to run and a wrong time", "idle", { "a.js": plainTool("run: 1, timeoutMs: -1") }, /timeoutMs.*run|run.*timeoutMs/],
  ["a time that timers cannot hold", "patient", { "a.js": plainTool("timeoutMs: 3e9") }, /timeoutMs/],
  ["arguments that are no object", "scalar", { "a.js": plainTool('arguments: { type: "string" }') }, /schema of an object/],
  ["arguments that are no schema", "nonsense", { "a.js": plainTool('arguments: { type: "strnig" }') }, /arguments/],
  ["no default export", "empty", { "a.js": "export const a = 1;" }, /default/],
  ["a fault in its source", "faulty", { "a.js": "export default {" }, /a\.js/],
  ["the name of another", "twice", { "a.js": plainTool(""), "b.js": plainTool("") }, /two tools are named plain/],
])(
  "a tool that has %s is reported with its file's name and left out; the others are there",
  async (_what, name, files, message) => {
    const folder = folderOf(name, { "0-good.js": plainTool('name: "good"'), ...(files as unknown as Record<string, string>) });
    const problems: NocpError[] = [];
    const tools = await loadUserTools(folder, [], (problem) => problems.push(problem));
    expect(tools.map((tool) => tool.name)).toContain("good");
    expect(problems).toMatchObject([{ code: "INVALID_PLUGIN", message: expect.stringMatching(message) }]);
    expect(problems[0]?.message).toMatch(/[ab]\.js/);
  },
);

test("a tool with the name of a built-in one, or with a section of settings, is left out", async () => {
  const taken = await loadUserTools(folderOf("taken", { "a.js": plainTool("") }), [], refuse);
  const problems: string[] = [];
  const settings = 'name: "set", settings: { name: "act", settings: {} }';
  const folder = folderOf("again", { "a.js": plainTool(""), "b.js": plainTool(settings) });
  expect(await loadUserTools(folder, taken, ({ message }) => problems.push(message))).toEqual([]);
  expect(problems).toEqual([expect.stringContaining("two tools are named plain"), expect.stringContaining("settings")]);
});

test("a folder that is not there is an error that names it", async () => {
  await expect(loadUserTools(join(base, "nowhere"), [], refuse)).rejects.toMatchObject({
    code: "INVALID_PLUGIN",
    message: expect.stringContaining("nowhere"),
  });
});

/** Runs in a process of its own: hooks for imports hold for a whole process, and this one's are the test runner's. */
function loadInChild(folder: string): { readonly names: string[]; readonly problems: string[] } {
  const src = (file: string) => JSON.stringify(resolve(import.meta.dirname, "../../services/act/src", file));
  const script = `
    const { provideImports } = await import(${src("provide-imports.ts")});
    const { loadUserTools, parseArguments } = await import(${src("tool-registry.ts")});
    const folder = ${JSON.stringify(folder)};
    provideImports(folder);
    const problems = [];
    const tools = await loadUserTools(folder, [], ({ message }) => problems.push(message));
    for (const tool of tools) parseArguments(tool, { day: "monday" });
    console.log(JSON.stringify({ names: tools.map(({ name }) => name), problems }));`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }));
}

const zodTool = (from: string, name: string): string =>
  `import { z } from "${from}"; export default { name: "${name}", description: "d", arguments: z.object({ day: z.string() }), run: () => 1 };`;

test("a tool outside the checkout imports zod without installing it, its own copy first", () => {
  const folder = folderOf("imports", {
    "a.js": zodTool("zod", "plain"),
    "b.ts": zodTool("zod/v4", "typed"),
    "c.js": zodTool("./below/schema.js", "nested"),
    "d.js": zodTool("left-pad", "missing"),
  });
  mkdirSync(join(folder, "below"));
  writeFileSync(join(folder, "below/schema.js"), 'export { z } from "zod";');
  const { names, problems } = loadInChild(folder);
  expect(names).toEqual(["plain", "typed", "nested"]);
  expect(problems).toEqual([expect.stringMatching(/d\.js.*left-pad/s)]);

  const own = folderOf("own-copy", { "a.js": 'import { mine } from "zod"; export default mine;' });
  mkdirSync(join(own, "node_modules/zod"), { recursive: true });
  writeFileSync(join(own, "node_modules/zod/package.json"), '{ "name": "zod", "type": "module", "exports": "./index.js" }');
  writeFileSync(
    join(own, "node_modules/zod/index.js"),
    `export const mine = ${plainTool('arguments: { type: "object", properties: { day: { type: "string" } } }').slice("export default ".length)}`,
  );
  expect(loadInChild(own)).toEqual({ names: ["plain"], problems: [] });
});
