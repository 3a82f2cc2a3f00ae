// Lets a call pass that the budgets leave room for, and settles what it cost.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import type { CallGate, GatedCall, Passage } from "../gates/call-gate.ts";
import { allowanceText, type Budget } from "./budget.ts";
import { type Amounts, type Budgets, type NoRoom, nothing } from "./budgets.ts";
import { costBefore, costOfCall, worstCaseOf } from "./call-amounts.ts";

export interface BudgetGateOptions {
  readonly budgets: Budgets;
  /** Told when a call finds no room. */
  readonly onNoRoom: (noRoom: NoRoom) => void;
  /** In [0, 1). */
  readonly random: () => number;
}

/** While others hold what is left, their calls end after about this time. */
const busyMs = { least: 250, jitter: 750 };
/** Requests that wait for the same minute come back one after the other. */
const newWindowJitterMs = 2_000;

export function createBudgetGate({ budgets, onNoRoom, random }: BudgetGateOptions): CallGate {
  const enter = async ({ input, request }: GatedCall, context: HandlerContext): Promise<Passage> => {
    const { payer, inputTokens } = request;
    const isFirst = request.isNew && input.number === 1;
    const worstCase = worstCaseOf(input, inputTokens, isFirst);
    // What models have cost that helped to cut the context was spent before this stage.
    const helpers = isFirst ? costBefore(request.spent.filter(({ purpose }) => purpose === "compression")) : nothing;
    const call = { payer, candidate: input.candidate, before: costBefore(request.spent) };
    const reserved = await budgets.reserve(call, sumOf(worstCase, helpers));
    if ("kind" in reserved) {
      onNoRoom(reserved);
      return { error: noRoomError(reserved, input.candidate, worstCase, context, random()), comesBack: false };
    }
    return {
      warnings: reserved.overSoft.map(softWarning),
      done: ({ attempt }) => reserved.settle(sumOf(costOfCall(attempt, worstCase), helpers)),
      release: () => reserved.settle(nothing),
    };
  };
  return {
    enter: async (call, context) => {
      try {
        return await enter(call, context);
      } catch (cause) {
        const message = "the budgets cannot be read, as the broker does not answer";
        return { error: new NocpError("BUDGET_BUSY", message, { cause, retryAfterMs: busyMs.least }), comesBack: false };
      }
    },
    async arrange(route, { payer, worstCaseUsdOf }) {
      if (route.length < 2 || !(await budgets.wantsCheapest(payer, route).catch(() => false))) return route;
      const price = (candidate: RouteCandidate) => worstCaseUsdOf(candidate) ?? Number.POSITIVE_INFINITY;
      return [...route].sort((one, other) => compare(price(one), price(other)));
    },
    async lost(calls, { payer, spent, inputTokens }) {
      const isFirst = spent.filter(({ purpose }) => purpose !== "compression").length === calls.length;
      for (const [index, { provider, model, atMostUsd = 0, costUsd }] of calls.entries()) {
        const requests = isFirst && index === 0 ? 1 : 0;
        // What it wrote is not known; what it was sent is.
        const cost = { usd: costUsd ?? atMostUsd, tokens: inputTokens, requests };
        await budgets.charge(payer, { provider, model }, cost).catch(() => undefined);
      }
    },
  };
}

const compare = (one: number, other: number): number => (one === other ? 0 : one < other ? -1 : 1);

const sumOf = (one: Amounts, other: Amounts): Amounts => ({
  usd: one.usd === null || other.usd === null ? null : one.usd + other.usd,
  tokens: (one.tokens ?? 0) + (other.tokens ?? 0),
  requests: (one.requests ?? 0) + (other.requests ?? 0),
});

const softWarning = ({ id, soft, unit }: Budget) =>
  warningOf("BUDGET_SOFT_LIMIT", `more than ${soft} ${unit} of budget ${id} are spent`);

function noRoomError(
  { kind, budget, counted, spent, resetAt }: NoRoom,
  { provider, model }: RouteCandidate,
  worstCase: Amounts,
  context: Pick<HandlerContext, "now" | "deadlineAt">,
  random: number,
): NocpError {
  const name = `budget ${budget.id} (${allowanceText(budget)}${counted === "" ? "" : ` for ${counted}`})`;
  const needs = `${amountText(worstCase[budget.unit] ?? 0, budget)} for ${provider} (${model}) at most`;
  const waitMs = resetAt === undefined ? undefined : Math.max(0, resetAt - context.now());
  const soon = { retryAfterMs: Math.ceil(busyMs.least + busyMs.jitter * random) };
  switch (kind) {
    case "busy":
      return new NocpError("BUDGET_BUSY", `requests that run hold what is left of ${name}; this one needs ${needs}`, soon);
    case "unavailable":
      return new NocpError("BUDGET_BUSY", `what is spent of ${name} cannot be read, as the broker does not answer`, soon);
    case "unknown-price":
      return new NocpError("BUDGET_EXHAUSTED", `${name} counts dollars, and the price of ${provider} (${model}) is unknown`, {
        advice: "Choose a model of a known price, set its price (0 for a server that costs nothing), or count tokens instead.",
      });
    case "exhausted": {
      const isTooSmall = (worstCase[budget.unit] ?? 0) > budget.limit;
      const message = `${name} has no room: ${amountText(spent, budget)} are spent, and this request needs ${needs}`;
      if (waitMs === undefined || isTooSmall) return new NocpError("BUDGET_EXHAUSTED", message);
      const retryAfterMs = Math.ceil(waitMs + newWindowJitterMs * random);
      // A minute is waited for in the queue, as a rate limit is; a day is not.
      const isWaitedFor = budget.per === "minute" && context.now() + retryAfterMs < context.deadlineAt;
      return new NocpError(isWaitedFor ? "BUDGET_BUSY" : "BUDGET_EXHAUSTED", message, {
        retryAfterMs: isWaitedFor ? retryAfterMs : Math.ceil(waitMs),
      });
    }
  }
}

const amountText = (amount: number, { unit }: Pick<Budget, "unit">): string =>
  unit === "usd" ? `$${amount.toFixed(6)}` : `${Math.ceil(amount)} ${unit}`;
