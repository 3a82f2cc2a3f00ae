// What one stage hands to the next within a process. The compiler has checked it (`FactInput`), so the fields that a handler may
// leave out are filled in, and nothing is copied: checking every field again takes as long as the rest of a message.
import type { z } from "zod";
import { withWellFormedTexts } from "./json/well-formed-text.ts";
import { factSchemas } from "./messages.ts";
import { type Fact, facts } from "./topology.ts";

type Fields = Readonly<Record<string, unknown>>;
type Checked = { readonly success: true; readonly data: unknown } | ReturnType<(typeof factSchemas)[Fact]["safeParse"]>;

/** Fields with what tools returned or models wrote as JSON of any form, by which a message has to be checked like a stored one. */
const foreignFields = ["pending", "toolResults", "toolRounds"] as const;

interface DefaultedField {
  readonly name: string;
  /** Made anew for each message: whoever gets it may change it. */
  readonly filled: () => unknown;
}

/** What the schema fills in for fields that are left out. */
const defaultsOf = new Map<Fact, readonly DefaultedField[]>(
  facts.map((fact) => [
    fact,
    Object.entries<z.ZodType>(factSchemas[fact].shape).flatMap(([name, schema]) =>
      schema.safeParse(undefined).data === undefined ? [] : [{ name, filled: () => schema.parse(undefined) }],
    ),
  ]),
);

/**
 * The body as its reader gets it: complete, with texts of whole characters. A submission, and what is in a message of the
 * request, were checked when they came in.
 */
export function handedBody(fact: Fact, content: object): Checked {
  if (fact === "request.submitted") return { success: true, data: withWellFormedTexts(content) };
  const { request, ...own } = content as Fields;
  const whole: Record<string, unknown> = { ...withWellFormedTexts(own), request };
  if (foreignFields.some((name) => holdsSomething(whole[name]))) return factSchemas[fact].safeParse(whole);
  for (const { name, filled } of defaultsOf.get(fact) ?? []) whole[name] ??= filled();
  return { success: true, data: whole };
}

const holdsSomething = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);
