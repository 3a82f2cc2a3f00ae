import { describe, expect, test } from "vitest";
import { z } from "zod";
import { requestSchema } from "../request.ts";
import { describeProblems, listSome } from "./schema-problems.ts";

const long = "x".repeat(1_000_000);

/** A list in a list, and so on. */
function nested(depth: number): unknown {
  let value: unknown = [];
  for (let at = 0; at < depth; at += 1) value = [value];
  return value;
}

const problemsOf = (schema: z.ZodType, value: unknown): string => {
  const { error } = schema.safeParse(value);
  if (!error) return expect.unreachable();
  return describeProblems(error);
};
const many = 60_000;
const keys = Array.from({ length: many }, (_, index) => `unknown${index}`);

describe("what is wrong with a value", () => {
  test("names the fields", () => {
    expect(
      problemsOf(z.strictObject({ limits: z.strictObject({ timeoutMs: z.int() }) }), { limits: { timeoutMs: "1", a: 1 }, b: 2 }),
    ).toBe('limits.timeoutMs: Invalid input: expected number, received string; unknown field "limits.a"; unknown field "b"');
  });

  test.each([
    { what: "unknown fields", value: { query: "?", ...Object.fromEntries(keys.map((key) => [key, 1])) }, says: "59,995 more" },
    {
      what: "wrong values",
      value: { query: "?", metadata: Object.fromEntries(keys.map((key) => [key, 1])) },
      says: "59,995 more problems",
    },
    { what: "wrong entries of a list", value: { query: "?", documents: keys.map(() => ({})) }, says: "59,995 more problems" },
    { what: "a field with a long name", value: { query: "?", ["x".repeat(1_000_000)]: 1 }, says: "xxx…" },
    {
      what: "unknown fields with long names everywhere",
      value: {
        query: "?",
        documents: keys.map(() => Object.fromEntries(["a", "b", "c", "d", "e"].map((key) => [key.repeat(500), 1]))),
      },
      says: "more problems",
    },
    { what: "a long id", value: { query: "?", requestId: "x".repeat(1_000_000) }, says: "requestId" },
    { what: "a long name of a tool", value: { query: "?", tools: [{ name: "x".repeat(1_000_000), [long]: 1 }] }, says: "tools" },
    { what: "a long value of a choice", value: { query: "?", lane: long }, says: "lane" },
    { what: "deep nesting where a text belongs", value: { query: nested(100_000) }, says: "query" },
    { what: "deep nesting in an unknown field", value: { query: "?", unknown: nested(100_000) }, says: "unknown" },
    { what: "a long key", value: { query: "?", metadata: { ["x".repeat(1_000_000)]: "1" } }, says: "xxx…" },
  ])("is short with $what", ({ value, says }) => {
    const text = problemsOf(requestSchema, value);
    expect(text).toContain(says);
    expect(text.length).toBeLessThan(2000);
  });

  test("of names, the first few and how many more there are", () => {
    expect(listSome(["a", "b"])).toBe("a, b");
    expect(listSome(keys)).toBe("unknown0, unknown1, unknown2, unknown3, unknown4 and 59,995 more");
  });
});
