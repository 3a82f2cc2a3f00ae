// A page of a list, as OpenAI's clients ask for it.
import { InvalidField } from "@nocp/models/server-api.ts";
import type { FastifyRequest } from "fastify";
import { z } from "zod";

const querySchema = z.object({
  limit: z.coerce.number().pipe(z.int().min(1).max(10_000)).default(10_000),
  after: z.string().optional(),
  order: z.enum(["asc", "desc"]).default("desc"),
});

/** @param all the newest first. @throws InvalidField */
export function pageOf<T extends { readonly id: string }>(request: FastifyRequest, all: readonly T[]) {
  const checked = querySchema.safeParse(request.query);
  if (!checked.success) throw new InvalidField(String(checked.error.issues[0]?.path[0]), checked.error.issues[0]?.message ?? "");
  const { limit, after, order } = checked.data;
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
