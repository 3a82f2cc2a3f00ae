// An output schema as OpenAI's strict mode takes it. What it does not know is left out, and checked in the answer.

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);

/** Refused by strict mode (platform.openai.com/docs/guides/structured-outputs, "supported schemas"). */
const unknownKeywords = new Set([
  ...["minLength", "maxLength", "contentEncoding", "contentMediaType"],
  ...["uniqueItems", "contains", "minContains", "maxContains", "unevaluatedItems"],
  ...["minProperties", "maxProperties", "propertyNames", "unevaluatedProperties"],
  ...["default", "examples", "$schema", "$id", "readOnly", "writeOnly", "deprecated"],
]);

export interface WireSchema {
  readonly schema: Schema;
  readonly strict: boolean;
}

/**
 * Strict where the schema qualifies once the unknown keywords are gone; else as it is, as a hint to the model.
 * Every object must forbid additional properties and require each one it has. The root must be an object.
 */
export function openAiSchema(schema: Schema): WireSchema {
  const reduced = withoutUnknown(schema) as Schema;
  return isStrictSchema(reduced) ? { schema: reduced, strict: true } : { schema, strict: false };
}

export function isStrictSchema(schema: Schema): boolean {
  return schema.type === "object" && !("anyOf" in schema) && holdsEverywhere(schema);
}

/** @param schema as a value, in which `properties` and `$defs` hold names and not keywords. */
function withoutUnknown(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutUnknown);
  if (!isSchema(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !unknownKeywords.has(keyword))
      .map(([keyword, value]) => [keyword, keyword === "enum" || keyword === "const" ? value : withinKeyword(keyword, value)]),
  );
}

const withinKeyword = (keyword: string, value: unknown): unknown =>
  (keyword === "properties" || keyword === "$defs") && isSchema(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutUnknown(inner)]))
    : withoutUnknown(value);

const schemasIn = (value: unknown): unknown[] => (isSchema(value) ? Object.values(value) : []);

const compositions = [
  "oneOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
  "patternProperties",
  "dependentRequired",
  "dependentSchemas",
  "prefixItems",
];

function holdsEverywhere(schema: unknown): boolean {
  if (!isSchema(schema)) return true;
  if (compositions.some((keyword) => keyword in schema)) return false;
  if (schema.type === "object" || "properties" in schema) {
    const required = Array.isArray(schema.required) ? schema.required : [];
    const names = Object.keys(isSchema(schema.properties) ? schema.properties : {});
    if (schema.additionalProperties !== false || !names.every((name) => required.includes(name))) return false;
  }
  const inner = [
    ...schemasIn(schema.properties),
    ...schemasIn(schema.$defs),
    ...(Array.isArray(schema.anyOf) ? schema.anyOf : []),
    schema.items,
  ];
  return inner.every(holdsEverywhere);
}
