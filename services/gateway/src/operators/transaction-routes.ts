// Finished requests and what they cost: a caller sees its own tenant's, an operator everybody's.
import {
  groupings,
  groupTotalsSchema,
  latencyPercentilesSchema,
  type TransactionScope,
  type TransactionSummary,
  transactionSummarySchema,
  transactionTotalsSchema,
} from "@nocp/contracts/transaction-report.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import { z } from "zod";
import type { Access } from "../authenticate.ts";
import { checkInput } from "../check-input.ts";
import { NotAllowed } from "../compose-request.ts";
import type { AddRoutes } from "../route-tools.ts";
import type { OperatorWork } from "./operator-work.ts";
import { inSnakeCase, snakeCased } from "./snake-case.ts";

const time = z
  .string()
  .describe("ISO 8601, or milliseconds since the epoch.")
  .transform((text, context) => {
    const at = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
    if (Number.isFinite(at)) return at;
    context.addIssue({ code: "custom", message: "must be a time: ISO 8601, or milliseconds since the epoch" });
    return z.NEVER;
  });
const name = z.string().min(1).max(300);

/** Which transactions; all when empty. */
const scopeFields = {
  since: time.optional(),
  until: time.optional(),
  tenant: name.optional().describe("For operators; other callers see their own tenant's."),
  key: name.optional().describe("Id of the key that is billed."),
  model: name.optional().describe("`provider/model`, or the name of a model or of a provider alone."),
  status: z.enum(["succeeded", "degraded", "failed"]).optional(),
  error_code: name.optional(),
  tag: name.optional(),
  session: name.optional(),
};

export const transactionQuerySchema = z.strictObject({
  ...scopeFields,
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(50),
  after: name.optional().describe("`next` of the page before."),
});
export const totalsQuerySchema = z.strictObject({ ...scopeFields, by: z.enum(groupings).optional() });

export const transactionListSchema = z.object({
  object: z.literal("list"),
  data: z.array(snakeCased(transactionSummarySchema).extend({ id: z.string(), object: z.literal("nocp.transaction") })),
  has_more: z.boolean(),
  next: z.string().nullable(),
});
export const totalsAnswerSchema = z.object({
  object: z.literal("nocp.totals"),
  totals: snakeCased(transactionTotalsSchema),
  latency: snakeCased(latencyPercentilesSchema),
  groups: z.array(snakeCased(groupTotalsSchema)).optional(),
});

export const transactionRoutes =
  ({ transactions, totals }: Pick<OperatorWork, "transactions" | "totals">): AddRoutes =>
  (app, { accessOf }) => {
    app.get("/nocp/v1/transactions", async (request) => {
      const { limit, after, ...query } = checkInput(transactionQuerySchema, request.query, "query");
      const scope = scopeOf(query, accessOf(request));
      const page = await transactions({ scope, limit, ...(after === undefined ? {} : { after: placeOf(after) }) });
      const last = page.transactions.at(-1);
      return {
        object: "list",
        data: page.transactions.map((one) => ({ id: one.requestId, object: "nocp.transaction", ...inSnakeCase(one) })),
        has_more: page.hasMore,
        next: page.hasMore && last ? cursorOf(last) : null,
      };
    });
    app.get("/nocp/v1/totals", async (request) => {
      const { by, ...query } = checkInput(totalsQuerySchema, request.query, "query");
      const scope = scopeOf(query, accessOf(request));
      const found = await totals({ scope, ...(by === undefined ? {} : { by }) });
      return {
        object: "nocp.totals",
        totals: inSnakeCase(found.totals),
        latency: inSnakeCase(found.latency),
        ...(found.groups ? { groups: found.groups.map(inSnakeCase) } : {}),
      };
    });
  };

type ScopeQuery = Omit<z.infer<typeof totalsQuerySchema>, "by">;

/** @throws NotAllowed for another tenant's. */
function scopeOf({ tenant, session, error_code: errorCode, ...rest }: ScopeQuery, access: Access): TransactionScope {
  if (!access.admin && tenant !== undefined && tenant !== access.tenant)
    throw new NotAllowed("tenant", "the key belongs to another tenant");
  const wanted = access.admin ? tenant : access.tenant;
  const named = { ...rest, tenant: wanted, sessionId: session, errorCode };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** Where the next page begins: requests that finish meanwhile come before it, and move nothing. */
const cursorOf = ({ completedAt, requestId }: TransactionSummary): string =>
  Buffer.from(`${completedAt} ${requestId}`).toString("base64url");

/** @throws InvalidField */
function placeOf(cursor: string): { readonly completedAt: number; readonly requestId: string } {
  const [, at, requestId] = /^(\d+(?:\.\d+)?) ([\w-]{1,64})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (at === undefined || requestId === undefined) throw new InvalidField("after", "is no `next` of a page");
  return { completedAt: Number(at), requestId };
}
