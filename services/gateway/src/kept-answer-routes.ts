// Answers that are kept can be looked at and deleted, by their own tenant.
import type { ServerApi } from "@nocp/models/server-api.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refusal } from "./http-failure.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import type { AccessOf, Refuse } from "./route-tools.ts";

export function addKeptAnswers(
  app: FastifyInstance,
  { path, conversation }: ServerApi,
  answers: KeptAnswers,
  accessOf: AccessOf,
  refuse: Refuse,
): void {
  if (conversation === undefined) return;
  const missing = (request: FastifyRequest, reply: FastifyReply) =>
    refuse(request, reply, refusal(404, "NOT_FOUND", `There is no response ${idOf(request)}.`));
  const kept = (request: FastifyRequest) => answers.get(accessOf(request).tenant, idOf(request));

  app.get(`${path}/:id`, async (request, reply) => (await kept(request))?.answer ?? missing(request, reply));
  app.get(`${path}/:id/input_items`, async (request, reply) => {
    const found = await kept(request);
    return found ? { object: "list", data: found.input, has_more: false } : missing(request, reply);
  });
  app.delete(`${path}/:id`, async (request, reply) => {
    const isRemoved = await answers.remove(accessOf(request).tenant, idOf(request));
    return isRemoved ? { id: idOf(request), object: "response", deleted: true } : missing(request, reply);
  });
}

const idOf = ({ params }: FastifyRequest): string => (params as { readonly id: string }).id;
