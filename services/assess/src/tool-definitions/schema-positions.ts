// Where schemas stand within a JSON Schema: everything else in it is a value, and is left alone.

export type Schema = Readonly<Record<string, unknown>>;

export const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords whose value is schemas by name. */
const named: ReadonlySet<string> = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Keywords whose value is a schema, or in older drafts a list of them. */
const single: ReadonlySet<string> = new Set(
  "items additionalProperties unevaluatedProperties unevaluatedItems additionalItems contains propertyNames not if then else".split(
    " ",
  ),
);
const listed: ReadonlySet<string> = new Set(["anyOf", "oneOf", "allOf", "prefixItems", "items"]);

/** Keywords under which definitions stand. */
export const definitionKeywords = ["$defs", "definitions"] as const;

/** @param name of the property or definition; undefined elsewhere. */
export type MapSchema = (schema: Schema, name: string | undefined) => Schema;

/** The schema with each of those directly below it replaced. Schemas that are `true` or `false` stay. */
export function mapInside(schema: Schema, map: MapSchema): Schema {
  const one = (value: unknown, name?: string): unknown => (isSchema(value) ? map(value, name) : value);
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (named.has(keyword) && isSchema(value))
        return [keyword, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, one(inner, name)]))];
      if (listed.has(keyword) && Array.isArray(value)) return [keyword, value.map((inner) => one(inner))];
      return [keyword, single.has(keyword) ? one(value) : value];
    }),
  );
}

/** Calls `visit` with the schema and every one below it. */
export function visitSchemas(schema: Schema, visit: (schema: Schema) => void): void {
  visit(schema);
  mapInside(schema, (inner) => {
    visitSchemas(inner, visit);
    return inner;
  });
}
