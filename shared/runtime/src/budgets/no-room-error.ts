// What a caller is told of a budget that leaves no room.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import { allowanceText, type Budget } from "./budget.ts";
import type { Amounts, NoRoom } from "./budgets.ts";

/** While others hold what is left, their calls end after about this time. */
const busyMs = { least: 250, jitter: 750 };
/** Requests that wait for the same minute come back one after the other. */
const newWindowJitterMs = 2_000;

export const unreadableBudgets = (cause: unknown): NocpError =>
  new NocpError("BUDGET_BUSY", "the budgets cannot be read, as the broker does not answer", {
    cause,
    retryAfterMs: busyMs.least,
  });

export interface CallTime {
  /** Milliseconds since the epoch. */
  now(): number;
  readonly deadlineAt: number;
}

/** @param random in [0, 1). */
export function noRoomError(
  { kind, budget, counted, spent, resetAt }: NoRoom,
  { provider, model }: RouteCandidate,
  worstCase: Amounts,
  time: CallTime,
  random: number,
): NocpError {
  const name = `budget ${budget.id} (${allowanceText(budget)}${counted === "" ? "" : ` for ${counted}`})`;
  const needs = `${amountText(worstCase[budget.unit] ?? 0, budget)} for ${provider} (${model}) at most`;
  const waitMs = resetAt === undefined ? undefined : Math.max(0, resetAt - time.now());
  const soon = { retryAfterMs: Math.ceil(busyMs.least + busyMs.jitter * random) };
  switch (kind) {
    case "busy":
      return new NocpError("BUDGET_BUSY", `requests in flight hold what is left of ${name}; this one needs ${needs}`, soon);
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
      const isWaitedFor = budget.per === "minute" && time.now() + retryAfterMs < time.deadlineAt;
      return new NocpError(isWaitedFor ? "BUDGET_BUSY" : "BUDGET_EXHAUSTED", message, {
        retryAfterMs: isWaitedFor ? retryAfterMs : Math.ceil(waitMs),
      });
    }
  }
}

const amountText = (amount: number, { unit }: Pick<Budget, "unit">): string =>
  unit === "usd" ? `$${amount.toFixed(6)}` : `${Math.ceil(amount)} ${unit}`;
