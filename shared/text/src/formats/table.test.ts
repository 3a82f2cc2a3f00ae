import { describe, expect, it } from "vitest";
import csv from "./formats/csv.ts";
import jsonl from "./formats/jsonl.ts";
import markdown from "./formats/markdown.ts";

const rows = [
  { id: 1, name: "Ada", code: "007", note: null },
  { id: 2, name: 'Bo "B", Jr.', code: "42", note: "" },
  { id: 3, name: "a|b\nc", code: "true", note: " x " },
];

describe("a table as CSV", () => {
  it("is what any CSV reader expects, with quotes where a bare string would be read as another type", () => {
    expect(csv.render(rows)).toBe('id,name,code,note\n1,Ada,007,\n2,"Bo ""B"", Jr.","42",""\n3,"a|b\nc","true", x ');
  });

  it("keeps the types of its cells", () => {
    expect(csv.parse(csv.render(rows) ?? "")).toEqual(rows);
  });

  it("is refused for records that differ in fields, hold lists, or are none", () => {
    for (const value of [[], [{}], [{ a: 1 }, { b: 1 }], [{ a: 1 }, { a: 1, b: 2 }], [{ a: [] }], [1], { a: 1 }, "a", null]) {
      expect(csv.render(value)).toBeUndefined();
    }
  });

  it("is an error where a row has more or fewer cells than the header", () => {
    expect(() => csv.parse("a,b\n1")).toThrow(SyntaxError);
    expect(() => csv.parse("")).toThrow(SyntaxError);
  });
});

describe("a table as Markdown", () => {
  it("is one line a row, bars escaped, strings quoted that would be read as another type", () => {
    expect(markdown.render(rows)?.split("\n")).toEqual([
      "| id | name | code | note |",
      "| --- | --- | --- | --- |",
      "| 1 | Ada | 007 |  |",
      '| 2 | Bo "B", Jr. | "42" | "" |',
      '| 3 | "a\\|b\\\\nc" | "true" | " x " |',
    ]);
  });

  it("keeps the types of its cells", () => {
    expect(markdown.parse(markdown.render(rows) ?? "")).toEqual(rows);
  });

  it("is an error where it is no table", () => {
    for (const text of ["", "a", "| a |", "| a |\n| --- |\nb"]) expect(() => markdown.parse(text)).toThrow();
  });
});

describe("a list as JSON lines", () => {
  it("has one value a line, whatever the value", () => {
    const list = [{ a: "x\ny" }, [1], null, "\u2028"];
    expect(jsonl.render(list)?.split("\n")).toHaveLength(4);
    expect(jsonl.parse(jsonl.render(list) ?? "")).toEqual(list);
  });

  it("is refused for what is no list, or an empty one", () => {
    for (const value of [[], {}, "a", 1]) expect(jsonl.render(value)).toBeUndefined();
  });
});
