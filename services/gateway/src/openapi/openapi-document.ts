// The HTTP API as an OpenAPI 3.1 document, from the schemas that check what is sent.
import { z } from "zod";
import { type Operation, operations } from "./operations.ts";

const errorSchema = z.object({
  error: z.looseObject({ message: z.string(), type: z.string(), code: z.string().nullish(), param: z.string().nullish() }),
});

/** @param io what is sent may leave out what has a default. */
const schemaOf = (schema: z.ZodType, io: "input" | "output"): object => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", io, unrepresentable: "any" });
  return rest;
};

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

function bodyOf({ body, takesForm }: Operation): object {
  if (takesForm) return { requestBody: { required: true, content: { "multipart/form-data": { schema: formSchema } } } };
  return body === undefined ? {} : { requestBody: { required: true, content: json(body, "input") } };
}

function operationOf(operation: Operation): object {
  const { tag, summary, status = 200, answer = z.looseObject({}), answerType } = operation;
  const content = answerType === undefined ? json(answer, "output") : { [answerType]: { schema: { type: "string" } } };
  return {
    ...{ tags: [tag], summary, parameters: parametersOf(operation), ...bodyOf(operation) },
    responses: { [status]: { description: "Done.", content }, default: { $ref: "#/components/responses/Failure" } },
  };
}

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
    info: { title: "NOCP", version, description: "docs/gateway.md describes this API." },
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
