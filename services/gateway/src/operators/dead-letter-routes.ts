// Messages that could not be handled: operators look at them, send them again or drop them.
import type { StoredDeadLetter } from "@nocp/client/dead-letters.ts";
import { deadLetterSchema } from "@nocp/contracts/dead-letter.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { checkInput } from "../check-input.ts";
import { refusal } from "../http-failure.ts";
import type { AddRoutes, RouteTools } from "../route-tools.ts";
import type { OperatorWork } from "./operator-work.ts";
import { inSnakeCase, snakeCased } from "./snake-case.ts";

const root = "/nocp/v1/dead-letters";
const usualTimeoutMs = 5 * 60_000;

export const deadLetterQuerySchema = z.strictObject({
  limit: z.coerce.number().pipe(z.int().min(1).max(200)).default(20),
});
export const redriveBodySchema = z
  .strictObject({
    timeout_ms: z.int().positive().max(86_400_000).default(usualTimeoutMs).describe("The new deadline, from now."),
  })
  .nullish();

export const deadLetterObjectSchema = snakeCased(deadLetterSchema.omit({ v: true, headers: true, payload: true })).extend({
  id: z.string(),
  object: z.literal("nocp.dead_letter"),
  readable: z.boolean(),
});
export const deadLetterListSchema = z.object({ object: z.literal("list"), data: z.array(deadLetterObjectSchema) });
export const wholeDeadLetterSchema = deadLetterObjectSchema.extend({
  headers: z.record(z.string(), z.string()),
  body: z.string().describe("The message."),
});
export const settledLetterSchema = z.object({
  id: z.string(),
  object: z.literal("nocp.dead_letter"),
  request_id: z.string(),
  tenant: z.string(),
  stage: z.string(),
});

export const deadLetterRoutes =
  ({ deadLetters }: Pick<OperatorWork, "deadLetters">): AddRoutes =>
  (app, tools) => {
    const { operatorsOnly } = tools;
    app.get(root, operatorsOnly, async (request) => {
      const { limit } = checkInput(deadLetterQuerySchema, request.query, "query");
      return { object: "list", data: (await deadLetters.list(limit)).map(letterObject) };
    });
    app.get(`${root}/:id`, operatorsOnly, (request, reply) =>
      withLetter(request, reply, tools, async (id) => {
        const found = await deadLetters.show(id);
        const body = Buffer.from(found.letter.payload, "base64").toString("utf8");
        return { ...letterObject(found), headers: found.letter.headers, body };
      }),
    );
    app.post(`${root}/:id/redrive`, operatorsOnly, (request, reply) => {
      const { timeout_ms: timeoutMs = usualTimeoutMs } = checkInput(redriveBodySchema, request.body) ?? {};
      return withLetter(request, reply, tools, async (id) => settledObject(await deadLetters.redrive({ id, timeoutMs })));
    });
    app.delete(`${root}/:id`, operatorsOnly, (request, reply) =>
      withLetter(request, reply, tools, async (id) => settledObject(await deadLetters.drop({ id }))),
    );
  };

/** Without the message, which may be large and holds a user's content. */
const letterObject = ({ sequence, readable, letter }: StoredDeadLetter) => {
  const { v: _v, payload: _payload, headers: _headers, ...rest } = letter;
  return { id: String(sequence), object: "nocp.dead_letter", readable, ...inSnakeCase(rest) };
};

const settledObject = ({ sequence, ...rest }: { readonly sequence: number }) => ({
  ...{ id: String(sequence), object: "nocp.dead_letter" },
  ...inSnakeCase(rest),
});

/** By its number, or the id of its request. */
async function withLetter(
  request: FastifyRequest,
  reply: FastifyReply,
  { refuse }: RouteTools,
  work: (id: string) => Promise<object>,
): Promise<object> {
  const { id } = request.params as { readonly id: string };
  try {
    return await work(id);
  } catch (error) {
    if (!(error instanceof NocpError && error.code === "RESULT_NOT_FOUND")) throw error;
    return refuse(request, reply, refusal(404, "NOT_FOUND", `There is no dead letter ${id.slice(0, 64)}.`));
  }
}
