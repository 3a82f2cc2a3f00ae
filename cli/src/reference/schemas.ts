// docs/*.schema.json: the contracts as JSON Schema, draft 2020-12.
import { deadLetterSchema } from "@nocp/contracts/dead-letter.ts";
import { deltaSchema } from "@nocp/contracts/delta.ts";
import { breakerEventBatchSchema, stageEventBatchSchema, transactionEventSchema } from "@nocp/contracts/event.ts";
import { factSchemas } from "@nocp/contracts/messages.ts";
import { resultSchema } from "@nocp/contracts/result.ts";
import { type Fact, facts } from "@nocp/contracts/topology.ts";
import { z } from "zod";
import { exportDocuments, type ReferenceDocument } from "./reference-document.ts";

interface Contract {
  readonly title: string;
  readonly description: string;
  readonly schema: z.ZodType;
  /** `input`: what a publisher may write, defaults left out. `output`: what a reader finds, everything present. */
  readonly side: "input" | "output";
}

/** The name of a fact's schema file: `request.schema.json` for what callers write, else by the fact's name. */
export const factSchemaFile = (fact: Fact): string =>
  fact === "request.submitted" ? "request.schema.json" : `${fact.replace(".", "-")}.schema.json`;

const contracts = (): Readonly<Record<string, Contract>> => ({
  ...Object.fromEntries(
    facts.map((fact) => {
      const { title = fact, description = "" } = factSchemas[fact].meta() ?? {};
      return [factSchemaFile(fact), { title, description, schema: factSchemas[fact], side: "input" }] as const;
    }),
  ),
  "result.schema.json": {
    title: "NOCP result",
    description: "What a caller gets back: exactly one for every accepted request. A newer version may add fields.",
    schema: resultSchema,
    side: "output",
  },
  "dead-letter.schema.json": {
    title: "Dead letter",
    description: "A message that could not be handled, with everything needed to look at it and to send it again.",
    schema: deadLetterSchema,
    side: "output",
  },
  "delta.schema.json": {
    title: "Delta",
    description: "A piece of an answer as it comes. A higher attempt than the last one seen: the answer starts over.",
    schema: deltaSchema,
    side: "output",
  },
  "transaction-event.schema.json": {
    title: "Transaction event",
    description: "The record of one finished request: numbers, never content.",
    schema: transactionEventSchema,
    side: "output",
  },
  "breaker-event-batch.schema.json": {
    title: "Breaker event batch",
    description: "Changes of the breakers of models and providers, each from the replica that made it.",
    schema: breakerEventBatchSchema,
    side: "output",
  },
  "stage-event-batch.schema.json": {
    title: "Stage event batch",
    description: "Deliveries that a stage completed, retried or dead-lettered; the subject says which.",
    schema: stageEventBatchSchema,
    side: "output",
  },
});

/** Every contract's document; the same text for the same code. */
export const schemaDocuments = (): ReferenceDocument[] =>
  Object.entries(contracts()).map(([fileName, contract]) => ({
    fileName,
    text: `${JSON.stringify(jsonSchemaOf(fileName, contract), null, 2)}\n`,
  }));

/** Writes the schemas into a folder. @returns the names of the files that were stale. */
export const exportSchemas = (folder: string): string[] => exportDocuments(schemaDocuments(), folder);

function jsonSchemaOf(fileName: string, { title, description, schema, side }: Contract): Record<string, unknown> {
  const { $schema, ...body } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io: side,
    // Readers must accept the fields of a newer sender, so only what the code calls strict is closed.
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === "object" && def.catchall === undefined) delete jsonSchema.additionalProperties;
    },
  });
  return { $schema, $id: `urn:nocp:v1:${fileName.replace(".schema.json", "")}`, title, description, ...body };
}
