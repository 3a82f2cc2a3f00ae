// Schemas of answers: a field that the answer does not need never decides over it.
import { z } from "zod";

/** A number of tokens: servers send fractions, texts, negative numbers and `null`, of which the last three say nothing. */
export const tokenCount = z
  .number()
  .nonnegative()
  .transform((count) => Math.round(count))
  .nullish()
  .catch(null);

export const optionalText = z.string().nullish().catch(null);

/** A part of an answer that may be missing, or be something else. */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);

/** A list whose entries are read one by one: one of another kind is left out. */
export const listOf = <T extends z.ZodType>(schema: T) =>
  z
    .array(z.unknown())
    .transform((entries) => entries.flatMap((entry) => schema.safeParse(entry).data ?? []) as z.output<T>[])
    .nullish()
    .catch(null);
