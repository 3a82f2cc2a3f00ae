// Lets a call pass that the budgets leave room for, and settles what it cost.
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { Budget } from "@nocp/runtime/budgets/budget.ts";
import { type Budgets, type NoRoom, nothing } from "@nocp/runtime/budgets/budgets.ts";
import { costBefore, costOfCall } from "@nocp/runtime/budgets/call-costs.ts";
import { noRoomError, unreadableBudgets } from "@nocp/runtime/budgets/no-room-error.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import type { CallGate, GatedCall, Passage } from "../gates/call-gate.ts";
import { worstCaseOf } from "./call-amounts.ts";

export interface BudgetGateOptions {
  readonly budgets: Budgets;
  /** Told when a call finds no room. */
  readonly onNoRoom: (noRoom: NoRoom) => void;
  /** In [0, 1). */
  readonly random: () => number;
}

export function createBudgetGate({ budgets, onNoRoom, random }: BudgetGateOptions): CallGate {
  const enter = async ({ input, request }: GatedCall, context: HandlerContext): Promise<Passage> => {
    const { payer, inputTokens } = request;
    const isFirst = request.isNew && input.number === 1;
    const worstCase = worstCaseOf(input, inputTokens, isFirst);
    const call = { payer, candidate: input.candidate, before: costBefore(request.spent) };
    const reserved = await budgets.reserve(call, worstCase);
    if ("kind" in reserved) {
      onNoRoom(reserved);
      return { error: noRoomError(reserved, input.candidate, worstCase, context, random()), comesBack: false };
    }
    return {
      warnings: reserved.overSoft.map(softWarning),
      done: ({ attempt }) => reserved.settle(costOfCall(attempt, worstCase)),
      release: () => reserved.settle(nothing),
    };
  };
  return {
    enter: async (call, context) => {
      try {
        return await enter(call, context);
      } catch (cause) {
        return { error: unreadableBudgets(cause), comesBack: false };
      }
    },
    async arrange(route, { payer, worstCaseUsdOf }) {
      if (route.length < 2 || !(await budgets.wants("cheapest", payer, route).catch(() => false))) return route;
      const price = (candidate: RouteCandidate) => worstCaseUsdOf(candidate) ?? Number.POSITIVE_INFINITY;
      return [...route].sort((one, other) => compare(price(one), price(other)));
    },
    wantsEconomy: (route, { payer }) =>
      budgets.mayWant("economy") ? budgets.wants("economy", payer, route).catch(() => false) : false,
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

const softWarning = ({ id, soft, unit }: Budget) =>
  warningOf("BUDGET_SOFT_LIMIT", `more than ${soft} ${unit} of budget ${id} are spent`);
