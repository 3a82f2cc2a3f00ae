// Where budgets and what was spent of them are kept.
export const budgetsBucket = "budgets";
export const spendingBucket = "spending";
/** Longer than the longest period, so that the last month can still be looked at. */
export const spendingTtlMs = 70 * 24 * 60 * 60_000;
