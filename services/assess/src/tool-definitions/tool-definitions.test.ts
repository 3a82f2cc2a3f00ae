import { createSchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Schema } from "./schema-positions.ts";
import { compactTool, shortTool } from "./tool-definitions.ts";

const toolOf = (parameters: Schema, description = "Finds files.") => ({ name: "find_files", description, parameters });
const compactOf = (parameters: Schema) => compactTool(toolOf(parameters)).parameters;
const text = { type: "string" };

describe("a compact definition", () => {
  test.each<[string, Schema, Schema]>([
    [
      "titles that repeat a name",
      { type: "object", title: "find_filesArguments", properties: { file_name: { ...text, title: "File Name" } } },
      { type: "object", properties: { file_name: text } },
    ],
    [
      "keywords that say what holds without them",
      {
        $schema: "http://json-schema.org/draft-07/schema#",
        type: "object",
        properties: { a: { type: "array", items: { ...text, minLength: 0, deprecated: false }, minItems: 0, default: null } },
        additionalProperties: true,
      },
      { type: "object", properties: { a: { type: "array", items: text } } },
    ],
    [
      "descriptions that only repeat the name, the tool's or what they stand in",
      {
        type: "object",
        description: "Finds files.",
        properties: {
          pattern: { ...text, description: "The pattern." },
          where: { description: "Where", anyOf: [{ type: "object", properties: { dir: { ...text, description: "A folder" } } }] },
          folder: { type: "array", description: "A folder", items: { ...text, description: "A folder" } },
        },
      },
      {
        type: "object",
        properties: {
          pattern: text,
          where: { type: "object", properties: { dir: { ...text, description: "A folder" } } },
          folder: { type: "array", items: text },
        },
      },
    ],
    [
      "definitions that nobody refers to, that stand twice, or that one place refers to",
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/A" }, b: { $ref: "#/$defs/B" }, c: { $ref: "#/$defs/C", description: "One more" } },
        $defs: {
          A: { type: "object", properties: { x: text } },
          B: { type: "object", properties: { x: text } },
          C: text,
          D: text,
        },
      },
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/A" }, b: { $ref: "#/$defs/A" }, c: { ...text, description: "One more" } },
        $defs: { A: { type: "object", properties: { x: text } } },
      },
    ],
  ])("has no %s", (_, parameters, expected) => {
    expect(compactOf(parameters)).toEqual(expected);
  });

  test.each<[string, Schema]>([
    ["a property that is named like a keyword", { type: "object", properties: { title: text, default: text, $schema: text } }],
    ["values that look like schemas", { type: "object", properties: { a: { enum: [{ title: "a", minLength: 0 }] } } }],
    [
      "what decides which further arguments there may be",
      { type: "object", properties: { a: { type: "object", properties: {}, required: [], additionalProperties: false } } },
    ],
    [
      "definitions that refer to themselves",
      {
        type: "object",
        properties: { tree: { $ref: "#/$defs/Node" } },
        $defs: { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } },
      },
    ],
    [
      "references in other forms",
      { type: "object", properties: { a: text, b: { $ref: "#/properties/a" } }, $defs: { Unused: text } },
    ],
    ["what depends on what was evaluated", { type: "object", allOf: [{ minProperties: 0 }], unevaluatedProperties: false }],
  ])("keeps %s", (_, parameters) => {
    expect(compactOf(parameters)).toEqual(parameters);
  });

  test("has the layout of its description only as far as it says something", () => {
    const { description } = compactTool(toolOf({}, "\n    Finds files.  \r\n\n\n    Args:\n        path: where\n    "));
    expect(description).toBe("Finds files.\n\nArgs:\n    path: where");
  });

  test("takes the same arguments, and a short one none that it does not take", () => {
    const validator = createSchemaValidator({ maxBytes: 1e6, cacheSize: 8, timeoutMs: 30_000 });
    const isRight = (schema: Schema, value: unknown): boolean => validator.compile(schema)(value) === undefined;
    fc.assert(
      fc.property(schemas, fc.array(values, { minLength: 1, maxLength: 8 }), (schema, candidates) => {
        const tool = toolOf(schema);
        for (const value of candidates) {
          expect(isRight(compactTool(tool).parameters, value)).toBe(isRight(schema, value));
          if (isRight(shortTool(tool).parameters, value)) expect(isRight(schema, value)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("a short definition", () => {
  test("says what a tool does and how it must be called", () => {
    const { description } = shortTool(
      toolOf({}, "Reads a file. It is fast and easy to use. The path must be absolute.\n\nReturns:\n    The text."),
    );
    expect(description).toBe("Reads a file. The path must be absolute.");
  });

  test("keeps the section of a docstring in which the arguments are described", () => {
    const { description } = shortTool(toolOf({}, "Adds.\n\nArgs:\n    a: the first\n\nExamples:\n    add(1)"));
    expect(description).toBe("Adds.\nArgs:\n    a: the first");
  });

  test("has no null for what may be left out, and keeps one that is required", () => {
    const optional = { anyOf: [text, { type: "null" }], default: null, title: "Path" };
    const { parameters } = shortTool(toolOf({ type: "object", properties: { path: optional, to: optional }, required: ["to"] }));
    expect(parameters.properties).toEqual({ path: text, to: { anyOf: [text, { type: "null" }], title: "Path" } });
  });
});

const names = fc.constantFrom("a", "b", "title", "items", "default");
const values = fc.oneof(
  fc.dictionary(
    names,
    fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.integer({ min: -2, max: 2 }),
      fc.constant(null),
      fc.array(fc.string(), { maxLength: 2 }),
    ),
  ),
  fc.dictionary(names, fc.dictionary(names, fc.string({ maxLength: 2 }))),
);
const keywords = fc.record(
  {
    title: fc.constantFrom("A", "Title", "something else"),
    description: fc.constantFrom("", "the a", "Of it.", "Finds files."),
    default: fc.constantFrom(null, 1, "a"),
    minLength: fc.constantFrom(0, 1),
    minItems: fc.constantFrom(0, 1),
    uniqueItems: fc.boolean(),
    $comment: fc.constant("x"),
    enum: fc.constantFrom(["a", "b"], [{ title: "a" }, null]),
  },
  { requiredKeys: [] },
);
const { schema: schemaTree } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.constantFrom({ type: "string" }, { type: ["integer"] }, { type: ["string", "null"] }, {}), keywords).map(join),
    fc.constantFrom({ $ref: "#/$defs/One" }, { $ref: "#/$defs/Two" }, { allOf: [{ $ref: "#/$defs/Three" }], title: "A" }),
    fc.tuple(objectWith(tie("schema")), keywords).map(join),
    fc.tuple(fc.record({ type: fc.constant("array"), items: tie("schema") }), keywords).map(join),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.tuple(tie("schema"), keywords).map(([inner, more]) => join([{ allOf: [inner] }, more])),
  ),
}));
function objectWith(inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> {
  return fc.record(
    {
      type: fc.constant("object"),
      properties: fc.dictionary(names, inner, { maxKeys: 3 }),
      required: fc.uniqueArray(names, { maxLength: 2 }),
      additionalProperties: fc.oneof(fc.boolean(), inner),
    },
    { requiredKeys: ["type"] },
  );
}
function join([one, other]: readonly [Schema, Schema]): Schema {
  return { ...other, ...one };
}
/** A reference to itself stands below an object, or no validator would come to an end. */
const definitions = fc.record({
  One: objectWith(schemaTree),
  Two: fc.constantFrom<Schema>({ type: "string" }, { $ref: "#/$defs/Three" }),
  Three: fc.constantFrom<Schema>({ type: "string" }, { type: "object", properties: { a: { $ref: "#/$defs/Three" } } }),
  Four: fc.constant<Schema>({ type: "string" }),
});
const schemas = fc.tuple(objectWith(schemaTree), definitions).map(([schema, $defs]) => ({ ...schema, $defs }));
