import { describe, expect, test } from "vitest";
import { sourceFile } from "./source-file.ts";

const importsIn = (text: string) => sourceFile("services/act/src/handle.ts", text).imports;

describe("imports are found", () => {
  test.each([
    ["static", 'import { a } from "./a.ts";'],
    ["over several lines", 'import {\n  a,\n  b,\n} from "./a.ts";'],
    ["default and named", 'import a, { b } from "./a.ts";'],
    ["whole", 'import * as a from "./a.ts";'],
    ["for its effects", 'import "./a.ts";'],
    ["handed on", 'export { a } from "./a.ts";'],
    ["handed on whole", 'export * from "./a.ts";'],
    ["dynamic", 'const a = await import("./a.ts");'],
    ["single quotes", "import a from './a.ts'"],
    ["after another statement", 'const x = 1; import a from "./a.ts";'],
  ])("%s", (_, text) => {
    expect(importsIn(text).map(({ target }) => target)).toEqual(["services/act/src/a.ts"]);
  });

  test("one after the other, each with its own name", () => {
    const text = 'import { a } from "./a.ts";\nimport type { B } from "@nocp/contracts/b.ts";\nexport const c = "d";\n';
    expect(importsIn(text)).toEqual([
      { specifier: "./a.ts", typeOnly: false, target: "services/act/src/a.ts" },
      { specifier: "@nocp/contracts/b.ts", typeOnly: true, target: "shared/contracts/src/b.ts" },
    ]);
  });

  test("types only, said once or for each name", () => {
    expect(importsIn('import type { A } from "./a.ts";')[0]?.typeOnly).toBe(true);
    expect(importsIn('import { type A, type B } from "./a.ts";')[0]?.typeOnly).toBe(true);
    expect(importsIn('import { type A, b } from "./a.ts";')[0]?.typeOnly).toBe(false);
  });

  test("not in comments", () => {
    expect(importsIn('// import a from "./a.ts"\n/* import b from "./b.ts" */')).toEqual([]);
  });
});

describe("code is what is neither comment nor text", () => {
  test.each([
    ["// hidden", ""],
    ["/* hidden\nhidden */ shown", "shown"],
    ['call("hidden")', "call( )"],
    ["call('it\\'s hidden')", "call( )"],
    ["call(`hidden $" + "{shown({ a: `hidden` })} hidden`)", "call( $ shown({ a: }) )"],
    ['text.replace(/[/"]hidden/g, shown)', "text.replace( g, shown)"],
    ["const share = shown / other; // hidden", "const share = shown / other;"],
  ])("%s", (text, expected) => {
    const code = sourceFile("a.ts", text).code;
    expect(code).not.toContain("hidden");
    expect(
      code
        .replace(/["'`{}]/g, " ")
        .replace(/\s+/g, " ")
        .trim(),
    ).toBe(
      expected
        .replace(/["'`{}]/g, " ")
        .replace(/\s+/g, " ")
        .trim(),
    );
    expect(code.split("\n")).toHaveLength(text.split("\n").length);
  });
});
