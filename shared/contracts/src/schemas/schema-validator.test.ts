import { describe, expect, it } from "vitest";
import { createSchemaValidator } from "./schema-validator.ts";
import { createTimeLimit, TimeLimitError } from "./time-limit.ts";

const limits = { maxBytes: 20_000, cacheSize: 2, timeoutMs: 30_000 };
const validator = createSchemaValidator(limits);
const invoice = {
  type: "object",
  properties: {
    total: { type: "number" },
    due: { type: "string", format: "date" },
    lines: { type: "array", items: { type: "integer" } },
  },
  required: ["total"],
  additionalProperties: false,
};
const invalid = (reason: RegExp) =>
  expect.objectContaining({ code: "INVALID_OUTPUT_SCHEMA", message: expect.stringMatching(reason) });

describe("a caller's schema", () => {
  it("accepts what satisfies it", () => {
    expect(validator.compile(invoice)({ total: 1.5, due: "2026-11-02", lines: [1] })).toBeUndefined();
  });

  it("says what does not in less than 2 kB, whatever the names in it", () => {
    const long = "x".repeat(1_000_000);
    const values = validator.compile({ type: "object", additionalProperties: { type: "object", additionalProperties: false } });
    expect(values({ [long]: 1 })?.length).toBeLessThan(2000);
    expect(values({ a: { [long]: 1 } })?.length).toBeLessThan(2000);
    const named = validator.compile({ enum: Array.from({ length: 3000 }, (_, at) => at) });
    expect(named("x")?.length).toBeLessThan(2000);
  });

  it("names the path of what does not", () => {
    const findMismatch = validator.compile(invoice);
    expect(findMismatch({ total: "1.5" })).toBe("/total must be number");
    expect(findMismatch({ total: 1, lines: [1, "x"] })).toBe("/lines/1 must be integer");
    expect(findMismatch({ total: 1, due: "soon" })).toBe('/due must match format "date"');
    expect(findMismatch({})).toBe("the root must have required property 'total'");
    expect(findMismatch({ total: 1, tax: 2 })).toContain('"tax"');
  });

  it("may say that it is of an older draft, or hold words of no draft", () => {
    const schema = { $schema: "http://json-schema.org/draft-07/schema#", type: "integer", "x-note": "any" };
    expect(validator.compile(schema)(1)).toBeUndefined();
    expect(validator.compile(schema)("1")).toBe("the root must be integer");
  });

  const broken: Readonly<Record<string, readonly [Record<string, unknown>, RegExp]>> = {
    "of an unknown type": [{ type: "text" }, /type/],
    "with a reference to nowhere": [{ $ref: "#/$defs/missing" }, /resolve/],
    "with a reference to another host": [{ $ref: "https://example.com/schema" }, /resolve/],
    "with a pattern that is none": [{ pattern: "(" }, /regular expression/i],
    "that refers to itself without end": [{ allOf: [{ $ref: "#" }] }, /./],
    "larger than the limit": [
      { enum: Array.from({ length: 5000 }, (_, index) => `value ${index}`) },
      /bytes, the limit is 20000/,
    ],
  };
  for (const [name, [schema, reason]] of Object.entries(broken)) {
    it(`is refused ${name}`, () => {
      expect(() => validator.compile(schema)({})).toThrow(invalid(reason));
    });
  }

  it("is refused when a pattern never comes back, and the next one is compiled as if nothing had been", () => {
    const impatient = createSchemaValidator({ ...limits, timeoutMs: 200 });
    impatient.compile(invoice);
    expect(() => impatient.compile({ type: "string", pattern: "^(a+)+$" })(`${"a".repeat(40)}!`)).toThrow(
      invalid(/longer than 200 ms/),
    );
    expect(validator.compile({ type: "boolean" })(1)).toBe("the root must be boolean");
  });

  it("cannot answer later: an asynchronous one is checked at once", () => {
    expect(validator.compile({ $async: true, type: "string" })(1)).toBe("the root must be string");
  });

  it("cannot take the place of the meta-schema, or of another schema of its name", () => {
    const id = "https://json-schema.org/draft/2020-12/schema";
    expect(validator.compile({ $id: id, type: "string" })("x")).toBeUndefined();
    expect(validator.compile({ $id: id, type: "number" })("x")).toBe("the root must be number");
    expect(() => validator.compile({ type: "nonsense" })).toThrow(invalid(/type/));
  });

  it("is kept compiled only as often as the cache is large", () => {
    const small = createSchemaValidator(limits);
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 6; index++) {
        expect(small.compile({ type: "string", title: `${index}` })("x")).toBeUndefined();
      }
    }
  });
});

describe("a time limit", () => {
  it("hands on what the work returns and throws, and ends what takes too long", () => {
    const withinLimit = createTimeLimit();
    expect(withinLimit(() => ({ a: 1 }), 1000)).toEqual({ a: 1 });
    expect(() =>
      withinLimit(() => {
        throw new RangeError("own");
      }, 1000),
    ).toThrow(RangeError);
    expect(() =>
      withinLimit(() => {
        for (;;);
      }, 50),
    ).toThrow(TimeLimitError);
    expect(withinLimit(() => "again", 1000)).toBe("again");
  });
});
