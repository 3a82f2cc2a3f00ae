// A JSON Schema without what says nothing: it accepts the same values, and tells a model the same.
import { compactDefinitions } from "./compact-definitions.ts";
import { mapInside, type Schema, visitSchemas } from "./schema-positions.ts";
import { isNamedAlike, tidyDescription } from "./tidy-description.ts";

interface Place {
  /** Of the tool, the property or the definition. */
  readonly name: string | undefined;
  /** What was said of it where it stands, or of what it stands in. */
  readonly said: readonly string[];
  readonly isRoot: boolean;
}

/** @param tool its name and description: the schema need not repeat them. */
export function compactSchema(parameters: Schema, tool: { readonly name: string; readonly description: string }): Schema {
  if (dependsOnWhatIsEvaluated(parameters)) return parameters;
  const place = { name: tool.name, said: [tidyDescription(tool.description)], isRoot: true };
  return compactDefinitions(compacted(parameters, place));
}

/** There, a keyword that allows everything still decides what is left for others. */
function dependsOnWhatIsEvaluated(schema: Schema): boolean {
  let depends = false;
  visitSchemas(schema, (inner) => {
    depends ||= Object.hasOwn(inner, "unevaluatedProperties") || Object.hasOwn(inner, "unevaluatedItems");
  });
  return depends;
}

function compacted(schema: Schema, { name, said, isRoot }: Place): Schema {
  const description = typeof schema.description === "string" ? tidyDescription(schema.description) : undefined;
  const isKept = description !== undefined && description !== "" && !said.includes(description) && !repeats(description, name);
  const entries = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    if (keyword === "description" && description !== undefined) return isKept ? [[keyword, description]] : [];
    if (keyword === "title" && typeof value === "string" && isNamedAlike(value, name)) return [];
    return isIdle(keyword, value, schema, isRoot) ? [] : [[keyword, singleType(keyword, value)]];
  });
  const below = description === undefined ? said : [...said, description];
  const inside = mapInside(Object.fromEntries(entries), (inner, innerName) =>
    compacted(inner, { name: innerName, said: below, isRoot: false }),
  );
  return withoutLoneChoice(inside);
}

const repeats = (description: string, name: string | undefined): boolean =>
  name !== undefined && isNamedAlike(description.replace(/^(the|a|an) /i, "").replace(/\.$/, ""), name);

const isEmpty = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** Keywords that say what holds without them. */
const idleValues: Readonly<Record<string, readonly unknown[]>> = {
  additionalProperties: [true],
  default: [null],
  deprecated: [false],
  minItems: [0],
  minLength: [0],
  minProperties: [0],
  nullable: [false],
  readOnly: [false],
  uniqueItems: [false],
  writeOnly: [false],
};
const idleWhenEmpty: ReadonlySet<string> = new Set(["$defs", "definitions", "patternProperties", "dependentSchemas", "examples"]);

/** Vendors want `properties` of the arguments, and of objects that allow no others all their keywords. */
function isIdle(keyword: string, value: unknown, schema: Schema, isRoot: boolean): boolean {
  if (keyword === "$comment" || (isRoot && keyword === "$schema")) return true;
  if (idleValues[keyword]?.includes(value)) return true;
  if (idleWhenEmpty.has(keyword)) return isEmpty(value);
  if (keyword === "properties" || keyword === "required")
    return !isRoot && schema.additionalProperties !== false && isEmpty(value);
  return false;
}

/** `["string"]` is `"string"`. */
const singleType = (keyword: string, value: unknown): unknown =>
  keyword === "type" && Array.isArray(value) && value.length === 1 ? value[0] : value;

/** A choice of one schema is that schema, unless both say something under the same keyword. */
function withoutLoneChoice(schema: Schema): Schema {
  for (const keyword of ["allOf", "anyOf", "oneOf"]) {
    const choices = schema[keyword];
    if (!Array.isArray(choices) || choices.length !== 1 || typeof choices[0] !== "object" || choices[0] === null) continue;
    const [only] = choices as [Schema];
    const { [keyword]: _choice, ...rest } = schema;
    // What these keywords mean depends on their neighbours.
    const isBound = [...Object.keys(rest), ...Object.keys(only)].some((key) => boundKeywords.has(key));
    if (!isBound && !Object.keys(only).some((key) => Object.hasOwn(rest, key))) return withoutLoneChoice({ ...rest, ...only });
  }
  return schema;
}

const boundKeywords: ReadonlySet<string> = new Set(
  "additionalProperties additionalItems unevaluatedProperties unevaluatedItems items prefixItems contains minContains maxContains if then else $id $anchor $dynamicAnchor $defs definitions".split(
    " ",
  ),
);
