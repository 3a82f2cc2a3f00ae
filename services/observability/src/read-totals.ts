// The totals of a tenant's last requests, for processes beside observability that can see its database.
import { resolve } from "node:path";
import { openTransactionStore } from "./transaction-store.ts";

export interface RequestTotals {
  readonly requests: number;
  readonly failed: number;
  readonly inputTokens: { readonly before: number; readonly after: number };
  readonly outputTokens: number;
  /** `null` where the cost of one of them is not known. */
  readonly costUsd: number | null;
}

/** @throws NocpError RESULT_NOT_FOUND where there is no such file. */
export function readTotals(file: string, tenant: string, last: number): RequestTotals {
  const store = openTransactionStore(resolve(file), { readOnly: true });
  try {
    const totals = store.totals({ tenant, last });
    return {
      requests: totals.count,
      failed: totals.failed,
      inputTokens: { before: totals.inputTokensRaw, after: totals.inputTokensOptimized },
      outputTokens: totals.outputTokensOptimized,
      costUsd: totals.costUsd,
    };
  } finally {
    store.close();
  }
}
