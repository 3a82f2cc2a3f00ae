// No value of a JSON text is lost because its key comes twice.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withDistinctKeys } from "./duplicate-keys.ts";

describe("keys that come twice", () => {
  test.each([
    ["twice", '{"a":1,"a":2}', { a: 1, "a (2)": 2 }],
    ["three times", '{"a":1,"a":2,"a":3}', { a: 1, "a (2)": 2, "a (3)": 3 }],
    ["written in two ways", '{"a":1,"\\u0061":2}', { a: 1, "a (2)": 2 }],
    ["beside the name they get", '{"a":1,"a (2)":9,"a":2}', { a: 1, "a (2)": 9, "a (3)": 2 }],
    ["deeper, and in values", '[{"b":{"a":"a","c":["a","a"],"a":{}}},"a"]', [{ b: { a: "a", c: ["a", "a"], "a (2)": {} } }, "a"]],
  ])("%s", (_, source, expected) => {
    expect(JSON.parse(withDistinctKeys(source))).toEqual(expected);
  });

  test("a key called __proto__ is data", () => {
    expect(Object.entries(JSON.parse(withDistinctKeys('{"__proto__":1,"__proto__":2}')))).toEqual([
      ["__proto__", 1],
      ["__proto__ (2)", 2],
    ]);
  });

  test("other texts stay as they are", () => {
    fc.assert(
      fc.property(fc.json(), (source) => {
        expect(withDistinctKeys(source)).toBe(source);
      }),
    );
  });

  test("one key a hundred thousand times takes no square of it", () => {
    const source = `{${Array.from({ length: 100_000 }, (_, at) => `"a":${at}`).join(",")}}`;
    expect(Object.keys(JSON.parse(withDistinctKeys(source)))).toHaveLength(100_000);
  });
});
