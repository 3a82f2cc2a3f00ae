// A page of a list, as OpenAI's clients ask for it.
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { checkInput } from "../check-input.ts";

const querySchema = z.object({
  limit: z.coerce.number().pipe(z.int().min(1).max(10_000)).default(10_000),
  after: z.string().optional(),
  order: z.enum(["asc", "desc"]).default("desc"),
});

/** @param all the newest first. @throws InvalidField */
export function pageOf<T extends { readonly id: string }>(request: FastifyRequest, all: readonly T[]) {
  const { limit, after, order } = checkInput(querySchema, request.query, "query");
  const ordered = order === "desc" ? all : all.toReversed();
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const data = ordered.slice(start, start + limit);
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < ordered.length,
  };
}
