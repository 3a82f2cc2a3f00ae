// The definitions of tools in fewer tokens. What becomes of a tool depends on the tool alone, so that it is the same bytes in
// every turn, and vendors' prompt caches hold.
import type { OfferedTool } from "@nocp/contracts/prompt.ts";
import { compactSchema } from "./compact-schema.ts";
import { isSchema, mapInside, type Schema } from "./schema-positions.ts";
import { shortDescription } from "./short-description.ts";
import { tidyDescription } from "./tidy-description.ts";

/** What is sent of a tool beside its name. */
export type Definition = Pick<OfferedTool, "name" | "description" | "parameters">;

/** The same to a model, and the same arguments are right. */
export const compactTool = <Tool extends Definition>(tool: Tool): Tool => ({
  ...tool,
  description: tidyDescription(tool.description),
  parameters: compactSchema(tool.parameters, tool),
});

/** That, with shorter descriptions and without examples. What is right for it is right for the tool as it came. */
export function shortTool<Tool extends Definition>(tool: Tool): Tool {
  const compact = compactTool({ ...tool, parameters: withoutNulls(tool.parameters) });
  return { ...compact, description: shortDescription(compact.description), parameters: shortSchema(compact.parameters) };
}

function shortSchema(schema: Schema): Schema {
  const { examples: _examples, ...rest } = mapInside(schema, shortSchema);
  return typeof rest.description === "string" ? { ...rest, description: shortDescription(rest.description) } : rest;
}

/** An argument that may be left out, and is null then, need not be written as null: `{"anyOf": [it, {"type": "null"}]}` is `it`. */
function withoutNulls(schema: Schema): Schema {
  const inside = mapInside(schema, withoutNulls);
  const { properties, required } = inside;
  if (!isSchema(properties)) return inside;
  const isRequired = (name: string): boolean => Array.isArray(required) && required.includes(name);
  const entries = Object.entries(properties).map(([name, property]): [string, unknown] =>
    isSchema(property) && !isRequired(name) ? [name, withoutNull(property)] : [name, property],
  );
  return { ...inside, properties: Object.fromEntries(entries) };
}

function withoutNull(property: Schema): Schema {
  const { anyOf, default: byDefault, ...rest } = property;
  if (byDefault !== null || !Array.isArray(anyOf)) return property;
  const others = anyOf.filter((choice) => !isNull(choice));
  const [only] = others;
  const isClear = others.length === 1 && isSchema(only) && !Object.keys(only).some((keyword) => Object.hasOwn(rest, keyword));
  return isClear && others.length < anyOf.length ? { ...rest, ...only } : property;
}

const isNull = (choice: unknown): boolean => isSchema(choice) && choice.type === "null" && Object.keys(choice).length === 1;
