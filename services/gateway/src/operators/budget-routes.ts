// Budgets over HTTP: what may be spent by whom, and what is spent of it.
import { InvalidField } from "@nocp/models/server-api.ts";
import { allowanceText, type Budget, budgetSchema, parseAllowance } from "@nocp/runtime/budgets/budget.ts";
import type { BudgetView } from "@nocp/runtime/budgets/stored-budgets.ts";
import { z } from "zod";
import { checkInput } from "../check-input.ts";
import { refusal } from "../http-failure.ts";
import type { AddRoutes } from "../route-tools.ts";
import type { OperatorWork } from "./operator-work.ts";

const root = "/nocp/v1/budgets";
const idPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** An amount, its unit and its period. */
export const allowanceSchema = z
  .string()
  .regex(/^\d+(\.\d+)?(usd|tokens|requests)\/(request|minute|day|month)$/, "must be like 5usd/day or 60requests/minute")
  .describe("E.g. 5usd/day, 60requests/minute or 200000tokens/month.");

export const budgetBodySchema = z.strictObject({
  limit: allowanceSchema,
  scope: budgetSchema.shape.scope.default({}).describe("Whose calls; all callers' if empty. `*` counts each value separately."),
  soft: z.number().nonnegative().nullish().describe("From this amount on, what `on_soft` says."),
  on_soft: budgetSchema.shape.onSoft.default("warn"),
});

export const budgetObjectSchema = z.object({
  id: z.string(),
  object: z.literal("nocp.budget"),
  limit: z.string(),
  scope: z.record(z.string(), z.string()),
  soft: z.number().nullable(),
  on_soft: z.string(),
  reset_at: z.string().nullable().describe("When it resets; null for a budget per request."),
  counters: z.array(z.object({ counted: z.string(), spent: z.number(), held: z.number() })),
});
export const budgetListSchema = z.object({ object: z.literal("list"), data: z.array(budgetObjectSchema) });

export const budgetRoutes =
  ({ budgets }: Pick<OperatorWork, "budgets">): AddRoutes =>
  (app, { operatorsOnly, refuse }) => {
    const idOf = ({ params }: { readonly params: unknown }) => (params as { readonly id: string }).id;
    const missing = (id: string) => refusal(404, "NOT_FOUND", `There is no budget ${id.slice(0, 64)}.`);
    const find = async (id: string) => (await budgets.view()).find((budget) => budget.id === id);
    app.get(root, operatorsOnly, async () => ({ object: "list", data: (await budgets.view()).map(budgetObject) }));
    app.get(`${root}/:id`, operatorsOnly, async (request, reply) => {
      const found = await find(idOf(request));
      return found ? budgetObject(found) : refuse(request, reply, missing(idOf(request)));
    });
    app.put(`${root}/:id`, operatorsOnly, async (request) => {
      const budget = budgetOf(idOf(request), request.body);
      await budgets.set(budget);
      return budgetObject((await find(budget.id)) ?? { ...budget, resetAt: null, counters: [] });
    });
    app.delete(`${root}/:id`, operatorsOnly, async (request, reply) => {
      const id = idOf(request);
      return (await budgets.remove(id)) ? { id, deleted: true } : refuse(request, reply, missing(id));
    });
  };

/** @throws InvalidField */
function budgetOf(id: string, body: unknown): Budget {
  if (!idPattern.test(id)) throw new InvalidField("id", "may hold letters, digits, - and _ only, at most 64");
  const { limit, scope, soft, on_soft: onSoft } = checkInput(budgetBodySchema, body);
  const allowance = parseAllowance(limit);
  if (!allowance) throw new InvalidField("limit", "must be more than 0");
  if (typeof soft === "number" && soft >= allowance.limit) throw new InvalidField("soft", "must be below the limit");
  return { id, scope, ...allowance, soft: soft ?? null, onSoft };
}

const budgetObject = ({ id, scope, soft, onSoft, resetAt, counters, ...allowance }: BudgetView) => ({
  ...{ id, object: "nocp.budget", limit: allowanceText(allowance), scope, soft, on_soft: onSoft, reset_at: resetAt, counters },
});
