// Tools in the shapes in which servers of different frameworks describe them.
import type { OfferedTool } from "@nocp/contracts/prompt.ts";

/** By argument: its type, `!` where it is required, and what is said of it: `string! Owner of the repository`. */
export type Arguments = Readonly<Record<string, string>>;

type Schema = Record<string, unknown>;

interface Argument {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  readonly description: string;
}

const pattern = /^(string|integer|number|boolean|object)(\[\])?(?:\(([^)]*)\))?(!)? ?(.*)$/s;

function argumentsOf(described: Arguments): Argument[] {
  return Object.entries(described).map(([name, text]) => {
    const [, type, isList, choices, required, description = ""] = pattern.exec(text) ?? [];
    if (type === undefined) throw new Error(`no type: ${text}`);
    const item: Schema = { type, ...(choices === undefined ? {} : { enum: choices.split("|") }) };
    return { name, schema: isList ? { type: "array", items: item } : item, isRequired: required !== undefined, description };
  });
}

const requiredOf = (all: readonly Argument[]): string[] => all.filter(({ isRequired }) => isRequired).map(({ name }) => name);

/** As servers in Go describe them: plain JSON Schema. */
export function plainTool(name: string, description: string, described: Arguments): OfferedTool {
  const all = argumentsOf(described);
  const properties = Object.fromEntries(all.map((it) => [it.name, { description: it.description, ...it.schema }]));
  return { name, description, parameters: { type: "object", properties, required: requiredOf(all) } };
}

/** As zod writes them, in servers of TypeScript. */
export function zodTool(name: string, description: string, described: Arguments): OfferedTool {
  const all = argumentsOf(described);
  const properties = Object.fromEntries(all.map((it) => [it.name, { ...it.schema, description: it.description }]));
  const required = requiredOf(all);
  return {
    name,
    description,
    parameters: {
      type: "object",
      properties,
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
      $schema: "http://json-schema.org/draft-07/schema#",
    },
  };
}

const titled = (name: string): string =>
  name.replaceAll("_", " ").replace(/(^| )(\w)/g, (_, before: string, letter: string) => before + letter.toUpperCase());

/** As pydantic writes them, in servers of Python: what is optional may be null. */
export function pydanticTool(name: string, description: string, described: Arguments): OfferedTool {
  const all = argumentsOf(described);
  const properties = Object.fromEntries(
    all.map(({ name: argument, schema, isRequired, description: said }) => [
      argument,
      {
        ...(isRequired ? schema : { anyOf: [schema, { type: "null" }], default: null }),
        title: titled(argument),
        description: said,
      },
    ]),
  );
  return {
    name,
    description: `\n    ${description.replaceAll("\n", "\n    ")}\n    `,
    parameters: { type: "object", properties, required: requiredOf(all), title: `${name}Arguments` },
  };
}
