// Features that a caller of the Messages API switches on: in a header, or in the field `betas`, as the vendor's SDKs take them.
import { z } from "zod";

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;
type Body = Readonly<Record<string, unknown>>;

const header = "anthropic-beta";
export const betasSchema = z.array(z.string().regex(/^[\w.-]{1,128}$/, "must be the name of a feature")).max(64);

/** The body with the features of the header among its own. What is no list is left for the schema to refuse. */
export function withBetas(body: Body, headers: Headers): Body {
  const named = [headers[header] ?? []]
    .flat()
    .flatMap((value) => value.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (named.length === 0) return body;
  const own = body.betas ?? [];
  return Array.isArray(own) ? { ...body, betas: [...new Set([...named, ...own])] } : body;
}

/** A body as the API takes it: the features are in a header. */
export function splitBetas(sent: object): { readonly body: object; readonly headers: Record<string, string> } {
  const { betas, ...body } = sent as Body;
  const { data: named = [] } = betasSchema.safeParse(betas);
  return { body, headers: named.length === 0 ? {} : { [header]: named.join(",") } };
}
