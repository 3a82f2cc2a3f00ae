// The HTTP API as an OpenAPI 3.1 document, from the schemas that check what is sent.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";

const errorSchema = z.looseObject({
  error: z.looseObject({ message: z.string(), type: z.string(), code: z.string().nullish(), param: z.string().nullish() }),
});

/**
 * Definitions of its own stand in the schema itself, and are referred to from there.
 * @param io what is sent may leave out what has a default.
 */
const schemaOf = (schema: z.ZodType, io: "input" | "output"): object => {
  const made = z.toJSONSchema(schema, { target: "draft-2020-12", io, unrepresentable: "any" });
  const { $schema: _dialect, $defs, ...rest } = made;
  if ($defs === undefined) return rest;
  // A schema with an id is a root of its own: its references stay within it.
  return { $id: `urn:nocp:${io}:${digestOf(made)}`, ...rest, $defs };
};

const digestOf = (schema: object): string => createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 16);

const json = (schema: z.ZodType, io: "input" | "output") => ({ "application/json": { schema: schemaOf(schema, io) } });

const formSchema = {
  type: "object",
  required: ["purpose", "file"],
  properties: {
    purpose: { enum: ["batch", "user_data"] },
    file: { type: "string", contentMediaType: "application/octet-stream" },
  },
};

const parametersOf = ({ path, query = {}, headers = {} }: Operation) => [
  ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: "path", required: true, schema: { type: "string" } },
  })),
  ...Object.entries({ query, header: headers }).flatMap(([where, named]) =>
    Object.entries(named).map(([name, schema]) => ({ name, in: where, required: false, schema: schemaOf(schema, "input") })),
  ),
];

function bodyOf({ body, takesForm, example }: Operation): object {
  if (takesForm) return { requestBody: { required: true, content: { "multipart/form-data": { schema: formSchema } } } };
  if (body === undefined) return {};
  const content = { schema: schemaOf(body, "input"), ...(example ? { example } : {}) };
  // Where nothing is a valid body, there need not be one.
  return { requestBody: { required: !body.safeParse(undefined).success, content: { "application/json": content } } };
}

/** Events have a form of their own, which no schema of a body describes. */
const events = { "text/event-stream": {} };

function contentOf({ answer = z.looseObject({}), answerType, streams, isEmpty }: Operation): object {
  if (isEmpty) return {};
  if (answerType === "text/event-stream") return { content: events };
  const content = answerType === undefined ? json(answer, "output") : { [answerType]: { schema: { type: "string" } } };
  return { content: { ...content, ...(streams ? events : {}) } };
}

function operationOf(operation: Operation): object {
  const { tag, summary, status = 200, failure, otherAnswers = {} } = operation;
  const others = Object.entries(otherAnswers).map(([other, schema]) => [
    other,
    { description: "Not yet.", content: json(schema, "output") },
  ]);
  const failed = failure
    ? { description: "The call failed.", content: json(failure, "output") }
    : { $ref: "#/components/responses/Failure" };
  return {
    ...{ tags: [tag], summary, parameters: parametersOf(operation), ...bodyOf(operation) },
    ...(operation.isPublic ? { security: [] } : {}),
    ...(operation.isForOperators ? { description: "Needs an admin key.", security: [{ bearer: [] }, { apiKey: [] }] } : {}),
    responses: {
      [status]: { description: "Done.", ...contentOf(operation) },
      ...Object.fromEntries(others),
      default: failed,
    },
  };
}

const aboutApi =
  "Without keys, programs on this machine may call everything but what is for operators. As soon as there is a key, every call " +
  "needs one (Authorize). `docs/gateway.md` says more.";

/** @param version of NOCP. */
export function openApiDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationOf(operation) };
  }
  const failure = {
    description: "The call failed, in the form of the API that was called.",
    content: json(errorSchema, "output"),
  };
  return {
    openapi: "3.1.0",
    info: { title: "NOCP", version, description: aboutApi },
    paths,
    components: {
      responses: { Failure: failure },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
      },
    },
    security: [{ bearer: [] }, { apiKey: [] }, {}],
  };
}
