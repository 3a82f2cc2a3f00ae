import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createToolRegistry, loadTools, parseArguments } from "@nocp/act/tool-registry.ts";
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

const examples = resolve(import.meta.dirname, "../../examples/tools");

test("the example tool runs as it is, beside act's own", async () => {
  const own = resolve(import.meta.dirname, "../../services/act/src/tools");
  const tools = await loadTools([own, examples]);
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
  const [open, plain, typed] = await loadTools([folder]);
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
])("a folder whose tool has %s is refused with the file's name", async (_what, name, files, message) => {
  const loading = loadTools([folderOf(name, files as unknown as Record<string, string>)]);
  await expect(loading).rejects.toMatchObject({ code: "INVALID_PLUGIN", message: expect.stringMatching(message) });
  await expect(loading).rejects.toThrow(/[ab]\.js/);
});

test("a folder that is not there is an error that names it", async () => {
  await expect(loadTools([join(base, "nowhere")])).rejects.toMatchObject({
    code: "INVALID_PLUGIN",
    message: expect.stringContaining("nowhere"),
  });
});
