// What is written without loss reads back as it was.

import { expandJson, factorJson } from "@nocp/assess/structured/factor-json.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const bounded = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const readBack = (value: unknown): unknown => expandJson(bounded(factorJson(value)) as ReturnType<typeof factorJson>);

const part = fc.constantFrom<unknown>(
  { login: "mona", type: "User", profile: "https://example.org/mona", admin: false },
  ["a fairly long list", "of things that come", "again and again"],
  { $1: "$1", note: "looks like a reference, and is none at all" },
  "$1",
  "§2",
);
const row = fc.record({ id: fc.nat(), owner: part, kind: fc.constant("row"), nothing: fc.constant(null) });
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 5 }),
  fc.array(row, { maxLength: 12 }),
  fc.dictionary(fc.string(), fc.oneof(part, fc.array(row, { maxLength: 6 }), fc.jsonValue({ maxDepth: 3 })), {
    noNullPrototype: true,
  }),
  fc.constant({ $table: ["a"], rows: [[1], [2], [3]] }),
);

describe("factoring", () => {
  it("loses nothing of any JSON", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(readBack(bounded(value))).toEqual(bounded(value));
      }),
      { numRuns: 500 },
    );
  });

  it("writes alike rows and repeated parts once", () => {
    const owner = { login: "mona", type: "User", profile: "https://example.org/mona", admin: false };
    const value = Array.from({ length: 20 }, (_, id) => ({ id, owner, reviewer: owner, state: "open" }));
    const short = JSON.stringify(factorJson(value));
    expect(short.split("mona").length).toBeLessThanOrEqual(3);
    expect(short.length).toBeLessThan(0.25 * JSON.stringify(value).length);
    expect(readBack(value)).toEqual(value);
  });
});
