// Whether a JSON Schema qualifies for OpenAI's strict mode, which refuses any other with an error.

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);

const schemasIn = (value: unknown): unknown[] => (isSchema(value) ? Object.values(value) : []);

/**
 * Every object must forbid additional properties and require each one it has
 * (platform.openai.com/docs/guides/structured-outputs, "supported schemas"). The root must be an object.
 */
export function isStrictSchema(schema: Schema): boolean {
  return schema.type === "object" && !("anyOf" in schema) && holdsEverywhere(schema);
}

function holdsEverywhere(schema: unknown): boolean {
  if (!isSchema(schema)) return true;
  if ("oneOf" in schema || "allOf" in schema || "not" in schema || "patternProperties" in schema) return false;
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
