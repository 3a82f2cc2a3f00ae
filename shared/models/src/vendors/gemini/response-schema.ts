// An output schema with the keywords that Gemini knows (ai.google.dev/api/generate-content, responseJsonSchema). What is left
// out is checked in the answer.

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);

const knownKeywords = new Set([
  ...["$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "anyOf", "oneOf"],
  ...["items", "prefixItems", "minItems", "maxItems", "minimum", "maximum"],
  ...["properties", "additionalProperties", "required", "propertyOrdering"],
]);

export function geminiSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(geminiSchema);
  if (!isSchema(schema)) return schema;
  // A constant is a choice of one.
  const { const: only, ...rest } = schema;
  const stated = only === undefined || "enum" in rest ? rest : { ...rest, enum: [only] };
  return Object.fromEntries(
    Object.entries(stated)
      .filter(([keyword]) => knownKeywords.has(keyword))
      .map(([keyword, value]) => [keyword, withinKeyword(keyword, value)]),
  );
}

function withinKeyword(keyword: string, value: unknown): unknown {
  if (keyword === "enum" || keyword === "required" || keyword === "propertyOrdering") return value;
  if ((keyword === "properties" || keyword === "$defs") && isSchema(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, geminiSchema(inner)]));
  }
  return geminiSchema(value);
}
