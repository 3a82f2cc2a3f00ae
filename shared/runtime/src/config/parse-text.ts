// Text from the environment, a .env file or a flag, as the value its setting's schema expects.
import type { z } from "zod";

interface SchemaDefinition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

const definitionOf = (schema: z.ZodType): SchemaDefinition => schema._zod.def as unknown as SchemaDefinition;

/** The type name below wrappers such as nullable. */
function typeOf(schema: z.ZodType): string {
  const definition = definitionOf(schema);
  return definition.innerType ? typeOf(definition.innerType) : definition.type;
}

/**
 * Numbers and booleans by their usual spellings, lists separated by commas, records as JSON; the schema judges the
 * outcome. Text that cannot be converted is handed on as it is, so that the schema's message names the expected type.
 */
export function parseText(schema: z.ZodType, text: string): unknown {
  switch (typeOf(schema)) {
    case "number":
    case "int":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "boolean":
      if (/^(true|1|yes|on)$/i.test(text)) return true;
      return /^(false|0|no|off)$/i.test(text) ? false : text;
    case "array":
      if (text.trimStart().startsWith("[")) return parseJson(text);
      return text.trim() === "" ? [] : text.split(",").map((part) => part.trim());
    case "object":
    case "record":
    case "union":
      return parseJson(text);
    default:
      return definitionOf(schema).type === "nullable" && text === "" ? null : text;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
