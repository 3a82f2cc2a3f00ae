// What a tenant's last requests cost, as the MCP tool `usage` tells it.
import type { UsageTotals } from "../mcp/mcp-work.ts";
import type { OperatorWork } from "./operator-work.ts";

export const usageOf =
  ({ totals: ask }: Pick<OperatorWork, "totals">) =>
  async (tenant: string, last: number): Promise<UsageTotals> => {
    const { totals } = await ask({ scope: { tenant, last } });
    return {
      requests: totals.count,
      failed: totals.failed,
      inputTokens: { before: totals.inputTokensRaw, after: totals.inputTokensOptimized },
      outputTokens: totals.outputTokensOptimized,
      costUsd: totals.costUsd,
    };
  };
