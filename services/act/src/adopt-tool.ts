// A plugin file's default export as a tool. Written with defineTool, or as a plain object without any import.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { z } from "zod";
import type { Tool } from "./tool.ts";

type JsonSchema = Record<string, unknown>;

/** setTimeout fires at once above 2^31-1 ms; an hour is more than any request lives. */
const maxTimeoutMs = 3_600_000;

const isFunction = (value: unknown): boolean => typeof value === "function";

const shapeSchema = z.looseObject({
  name: z
    .string()
    .max(64)
    .regex(/^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*$/, "must be lower case, with dots between its parts, e.g. weather.today"),
  description: z.string().min(1),
  arguments: z.unknown().refine((value) => typeof value === "object" && value !== null, "must be a zod or a JSON Schema"),
  example: z.record(z.string(), z.unknown()).default({}),
  timeoutMs: z.int().positive().max(maxTimeoutMs).default(10_000),
  idempotent: z.boolean().default(false),
  maxAttempts: z.int().min(1).max(10).default(1),
  cacheTtlMs: z.int().min(0).default(0),
  settings: z.looseObject({ name: z.string(), settings: z.record(z.string(), z.unknown()) }).optional(),
  retryable: z.unknown().refine(isFunction, "must be a function").optional(),
  run: z.unknown().refine(isFunction, "must be a function"),
});

/**
 * Checks a tool and fills in what it leaves out: 10 s, one attempt, not idempotent, never cached.
 * `arguments` is a zod schema, or JSON Schema of an object; in the latter, arguments that `properties` does not name
 * are refused unless `additionalProperties` says otherwise.
 * @param path names the file in the error.
 * @throws NocpError INVALID_PLUGIN naming every field that is wrong.
 */
export function adoptTool(plugin: unknown, path: string): Tool {
  const parsed = shapeSchema.safeParse(plugin);
  if (!parsed.success) throw new NocpError("INVALID_PLUGIN", `the tool ${path} is invalid: ${describeProblems(parsed.error)}`);
  const source = plugin as Tool;
  const { name, description, example, timeoutMs, idempotent, maxAttempts, cacheTtlMs } = parsed.data;
  return {
    ...{ name, description, example, timeoutMs, idempotent, maxAttempts, cacheTtlMs },
    arguments: argumentsSchema(parsed.data.arguments, path),
    ...(source.settings ? { settings: source.settings } : {}),
    ...(source.retryable ? { retryable: (error) => source.retryable?.(error) === true } : {}),
    run: (input, context) => source.run(input, context),
  };
}

/** JSON Schema of a tool's arguments, as a caller writes them: what has a default may be left out. */
export function argumentsJsonSchema(tool: Tool): JsonSchema {
  const { $schema: _dialect, ...schema } = jsonSchemaOf(tool.arguments);
  return schema;
}

/** What JSON cannot hold; of a BigInt it holds the digits. */
const notInJson: ReadonlySet<string> = new Set([
  "symbol",
  "undefined",
  "void",
  "date",
  "map",
  "set",
  "nan",
  "function",
  "custom",
  "transform",
]);

/** @throws Error for a schema of what JSON cannot hold. */
const jsonSchemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const { type } = zodSchema._zod.def;
      if (type === "bigint") jsonSchema.type = "integer";
      if (notInJson.has(type)) throw new Error(`${type} cannot be represented in JSON Schema`);
    },
  });

function argumentsSchema(given: unknown, path: string): z.ZodType {
  const wrong = (problem: string): NocpError => new NocpError("INVALID_PLUGIN", `the arguments of the tool ${path} ${problem}`);
  // A tool may bring its own copy of zod, so its schemas are known by zod 4's marker and not by their class.
  const schema = given !== null && typeof given === "object" && "_zod" in given ? (given as z.ZodType) : undefined;
  try {
    const result = schema ?? z.fromJSONSchema({ additionalProperties: false, ...(given as JsonSchema) });
    if (jsonSchemaOf(result).type === "object") return result;
  } catch (error) {
    throw wrong(`cannot be used: ${(error as Error).message}`);
  }
  throw wrong("must be the schema of an object");
}
