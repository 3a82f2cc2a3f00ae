// The report on the last transactions: what `./nocp report` shows.
import { tidyNumbers } from "@nocp/contracts/json/tidy-numbers.ts";
import type {
  Grouping,
  GroupTotals,
  LatencyPercentiles,
  TransactionScope,
  TransactionSummary,
  TransactionTotals,
} from "@nocp/contracts/transaction-report.ts";
import type { ModelTotals, TransactionQueries } from "./transaction-queries.ts";

export interface Report {
  /** Oldest first, so that the newest stands next to the totals. */
  readonly transactions: readonly TransactionSummary[];
  readonly totals: TransactionTotals;
  readonly latency: LatencyPercentiles;
  readonly models: readonly ModelTotals[];
  /** Where a grouping was asked for. */
  readonly groups?: readonly GroupTotals[];
}

/** @param scope which transactions; the last 20 when it names no number. */
export function reportOf(store: TransactionQueries, scope: TransactionScope = {}, grouping?: Grouping): Report {
  const limited = { last: 20, ...scope };
  return tidyNumbers<Report>({
    transactions: store.latest(limited).reverse(),
    totals: store.totals(limited),
    latency: store.latencyPercentiles(limited),
    models: store.totalsByModel(limited),
    ...(grouping === undefined ? {} : { groups: store.totalsBy(grouping, limited) }),
  });
}
