// The declarations of messages as a user of the package reads them: made from the schemas, with their descriptions.
import { deadLetterSchema } from "@nocp/contracts/dead-letter.ts";
import { deltaSchema } from "@nocp/contracts/delta.ts";
import { errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { stageEventSchema } from "@nocp/contracts/event.ts";
import { requestSchema } from "@nocp/contracts/request.ts";
import { resultSchema } from "@nocp/contracts/result.ts";
import { sessionHeadSchema, sessionSnapshotSchema, sessionTurnSchema } from "@nocp/contracts/session.ts";
import { compile } from "json-schema-to-typescript";
import { z } from "zod";

interface Message {
  readonly schema: z.ZodType;
  /** `input`: what a caller writes, defaults left out. `output`: what a reader finds. */
  readonly side: "input" | "output";
  readonly description: string;
}

const messages: Readonly<Record<string, Message>> = {
  NocpRequestInput: {
    schema: requestSchema,
    side: "input",
    description: "A request. It needs a query or at least one message; everything else has a default.",
  },
  NocpResult: {
    schema: resultSchema,
    side: "output",
    description: "What a caller gets back: exactly one for every accepted request. A newer version may add fields.",
  },
  Delta: {
    schema: deltaSchema,
    side: "output",
    description:
      "A piece of an answer as it is written. A higher `attempt` than the last one seen, or a `sequence` of 0 again, means that the answer starts over.",
  },
  StageEvent: { schema: stageEventSchema, side: "output", description: "A stage settled a message of a request." },
  DeadLetter: {
    schema: deadLetterSchema,
    side: "output",
    description: "A message that could not be handled, with everything needed to look at it and to send it again.",
  },
  SessionHead: {
    schema: sessionHeadSchema,
    side: "output",
    description: "What is known of a conversation without reading its turns. Times are milliseconds since the epoch.",
  },
  SessionTurn: { schema: sessionTurnSchema, side: "output", description: "One exchange of a conversation, word for word." },
  SessionSnapshot: {
    schema: sessionSnapshotSchema,
    side: "output",
    description: "A whole conversation: what `snapshot` returns and `restore` takes.",
  },
};

type JsonSchema = Record<string, unknown>;

/** @returns TypeScript by the name of the type: `export interface NocpResult { … }`. */
export async function contractDeclarations(): Promise<Map<string, string>> {
  const declarations = new Map<string, string>();
  for (const [name, { schema, side, description }] of Object.entries(messages)) {
    const body = z.toJSONSchema(schema, {
      io: side,
      override: side === "input" ? ({ jsonSchema }) => void allowUndefined(jsonSchema) : () => {},
    }) as JsonSchema;
    declarations.set(name, await compile({ ...body, description } as object, name, compileOptions));
  }
  const codes = Object.entries(errorCatalogue).map(([code, { meaning }]) => `  /** ${meaning} */\n  | "${code}"`);
  declarations.set("ErrorCode", `/** Every code that an error can have. */\nexport type ErrorCode =\n${codes.join("\n")};\n`);
  return declarations;
}

const compileOptions = { bannerComment: "", additionalProperties: false, format: false, maxItems: -1 } as const;

/** A caller may give `undefined` for what may be left out, also under `exactOptionalPropertyTypes`. */
function allowUndefined(schema: { type?: unknown; properties?: unknown; required?: string[] | undefined }): void {
  const properties = schema.properties as Record<string, JsonSchema> | undefined;
  for (const [key, property] of Object.entries(properties ?? {})) {
    if (schema.required?.includes(key)) continue;
    const { description, ...rest } = property;
    if (Array.isArray(rest.anyOf) && rest.anyOf.some((entry: JsonSchema) => entry.tsType === "undefined")) continue;
    (properties as Record<string, JsonSchema>)[key] = {
      ...(description === undefined ? {} : { description }),
      anyOf: [rest, { tsType: "undefined" }],
    };
  }
}
