// Room for a call that is on no route: an embedding, or a model that helps to compress.
import type { Amounts, BudgetedCall, Budgets, Reservation } from "./budgets.ts";
import { type CallTime, noRoomError, unreadableBudgets } from "./no-room-error.ts";

/**
 * @param random in [0, 1).
 * @throws NocpError BUDGET_EXHAUSTED; BUDGET_BUSY, with the time after which to ask again.
 */
export async function reserveCall(
  budgets: Pick<Budgets, "reserve">,
  call: BudgetedCall,
  worstCase: Amounts,
  time: CallTime,
  random: number,
): Promise<Reservation> {
  const reserved = await budgets.reserve(call, worstCase).catch((error: unknown) => {
    throw unreadableBudgets(error);
  });
  if (!("kind" in reserved)) return reserved;
  throw noRoomError(reserved, call.candidate, worstCase, time, random);
}
