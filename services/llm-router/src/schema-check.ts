// Refuses an output.schema that cannot be compiled, before a model is paid for an answer that nothing can check.
import type { SchemaLimits, SchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";

/** @throws NocpError INVALID_OUTPUT_SCHEMA */
export type CheckSchema = (schema: Readonly<Record<string, unknown>>) => Promise<void>;

/** The compiler is imported with the first schema: most requests have none. Compiled schemas are kept. */
export function createSchemaCheck(limits: SchemaLimits): CheckSchema {
  let validator: Promise<SchemaValidator> | undefined;
  const load = async () => {
    const { createSchemaValidator } = await import("@nocp/contracts/schemas/schema-validator.ts");
    return createSchemaValidator(limits);
  };
  return async (schema) => {
    validator ??= load();
    (await validator).compile(schema);
  };
}
