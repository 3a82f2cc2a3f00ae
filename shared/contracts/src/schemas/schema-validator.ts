// Checks values against the JSON Schema that a caller sent, which is trusted in nothing.
import { createHash } from "node:crypto";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { coerceError, NocpError } from "../errors/nocp-error.ts";
import { shortened } from "../errors/schema-problems.ts";
import { createTimeLimit, TimeLimitError } from "./time-limit.ts";

export interface SchemaLimits {
  readonly maxBytes: number;
  /** Compiled schemas kept. */
  readonly cacheSize: number;
  readonly timeoutMs: number;
  /** Whether what takes longer throws TimeLimitError, for whoever does it elsewhere, instead of refusing the schema. */
  readonly throwsTimeLimit?: boolean;
}

/** `undefined` when the value satisfies the schema, else where it does not: `/items/0/price must be number`. */
export type FindMismatch = (value: unknown) => string | undefined;

export interface SchemaValidator {
  /** @throws NocpError INVALID_OUTPUT_SCHEMA when the schema cannot be compiled, is too large or takes too long. */
  compile(schema: Readonly<Record<string, unknown>>): FindMismatch;
}

export function createSchemaValidator(limits: SchemaLimits): SchemaValidator {
  const withinLimit = createTimeLimit();
  const compiled = new Map<string, ValidateFunction>();
  let checkSchema: CheckSchema | undefined;

  const compileNew = (schema: Readonly<Record<string, unknown>>): ValidateFunction => {
    checkSchema ??= createSchemaCheck();
    const check = checkSchema;
    return withinLimit(() => {
      // Written for another draft, most schemas mean the same in this one. An asynchronous one would answer later.
      const { $schema: _draft, $async: _async, ...rest } = schema;
      check(rest);
      return addFormats.default(new Ajv2020({ strict: false, meta: false, validateSchema: false, logger: false })).compile(rest);
    }, limits.timeoutMs);
  };

  const validateOf = (schema: Readonly<Record<string, unknown>>): ValidateFunction => {
    const text = JSON.stringify(schema);
    if (Buffer.byteLength(text) > limits.maxBytes) {
      throw new Error(`it has ${Buffer.byteLength(text)} bytes, the limit is ${limits.maxBytes}`);
    }
    const digest = createHash("sha256").update(text).digest("base64");
    const validate = compiled.get(digest) ?? compileNew(schema);
    compiled.delete(digest);
    compiled.set(digest, validate);
    for (const oldest of compiled.keys()) {
      if (compiled.size <= limits.cacheSize) break;
      compiled.delete(oldest);
    }
    return validate;
  };

  const refusing = <T>(work: () => T): T => invalidSchemaUnless(work, limits.throwsTimeLimit ?? false);
  return {
    compile(schema) {
      const validate = refusing(() => validateOf(schema));
      return (value) =>
        refusing(() => withinLimit(() => (validate(value) ? undefined : problemOf(validate.errors?.[0])), limits.timeoutMs));
    },
  };
}

type CheckSchema = (schema: Readonly<Record<string, unknown>>) => void;

/**
 * Checks schemas against the meta-schema, which is compiled here, where no time limit can leave it half done. Its Ajv
 * never holds a caller's schema, whose `$id` could replace the meta-schema.
 */
function createSchemaCheck(): CheckSchema {
  const meta = new Ajv2020({ strict: false });
  meta.validateSchema({});
  return (schema) => {
    if (!meta.validateSchema(schema)) throw new Error(problemOf(meta.errors?.[0]));
  };
}

function invalidSchemaUnless<T>(work: () => T, throwsTimeLimit: boolean): T {
  try {
    return work();
  } catch (error) {
    if (throwsTimeLimit && error instanceof TimeLimitError) throw error;
    const reason = error instanceof TimeLimitError ? `it ${error.message}` : coerceError(error).message;
    throw new NocpError("INVALID_OUTPUT_SCHEMA", `output.schema cannot be used: ${reason}`);
  }
}

/** Names come from the answer, messages hold what the schema says, and both may be of any length. */
const longestName = 200;
const longestMessage = 500;

function problemOf(problem: ErrorObject | undefined): string {
  if (!problem) return "does not match";
  const path = problem.instancePath === "" ? "the root" : shortened(problem.instancePath, longestName);
  const extra = (problem.params as { additionalProperty?: unknown }).additionalProperty;
  const named = typeof extra === "string" ? `: "${shortened(extra, longestName)}"` : "";
  return `${path} ${shortened(problem.message ?? "does not match", longestMessage)}${named}`;
}
