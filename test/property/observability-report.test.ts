// The report against the results it is about: its totals are their sums, to the last digit.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { transactionOf, transactionSchema } from "@nocp/contracts/event.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import { requestSchema } from "@nocp/contracts/request.ts";
import { type NocpResult, resultSchema } from "@nocp/contracts/result.ts";
import type { TransactionTotals } from "@nocp/contracts/transaction-report.ts";
import { reportOf } from "@nocp/observability/report.ts";
import { openTransactionStore } from "@nocp/observability/transaction-store.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

/** Costs are whole billionths of a dollar, so that their sums have one right value. */
const perDollar = 1e9;
const nano = fc.nat(200_000_000);
const dollars = (amount: number): number => amount / perDollar;

const attempts: fc.Arbitrary<ProviderAttempt> = fc.record({
  provider: fc.constantFrom("openai", "anthropic"),
  model: fc.constantFrom("one", "two"),
  outcome: fc.constantFrom("succeeded" as const, "failed" as const),
  latencyMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
  costUsd: fc.option(nano.map(dollars), { freq: 6 }),
});

interface Scenario {
  readonly attempts: readonly ProviderAttempt[];
  readonly outcome: "succeeded" | "degraded" | "DEADLINE_EXCEEDED" | "CANCELLED";
  readonly savedNano: number;
  readonly tenant: string;
  readonly key: string | undefined;
  readonly tags: readonly string[];
  readonly tokens: readonly [raw: number, optimized: number];
}

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  attempts: fc.array(attempts, { maxLength: 5 }),
  outcome: fc.constantFrom("succeeded", "degraded", "DEADLINE_EXCEEDED", "CANCELLED"),
  savedNano: nano,
  tenant: fc.constantFrom("acme", "default"),
  key: fc.constantFrom(undefined, "team-1", "team-2"),
  tags: fc.uniqueArray(fc.constantFrom("a", "b", 'it\'s "c"')),
  tokens: fc.tuple(fc.nat(100_000), fc.nat(100_000)),
});

function resultOf({ outcome, savedNano, tokens, ...own }: Scenario, index: number): NocpResult {
  const { tenant, key, tags } = own;
  const request = requestSchema.parse({ query: "?", tenant, tags, ...(key === undefined ? {} : { key }) });
  const error = outcome === "CANCELLED" || outcome === "DEADLINE_EXCEEDED" ? new NocpError(outcome, "it ended") : undefined;
  const failed = failedResultOf({
    tenant,
    requestId: `request-${index}`,
    lane: "interactive",
    error: { code: error?.code ?? "UNEXPECTED", message: "" },
    submittedAt: 0,
    completedAt: 1000 + index,
    journey: [],
    attempts: own.attempts,
    traceId: null,
    request,
    inputTokens: { raw: tokens[0], optimized: tokens[1] },
  });
  if (error) return failed;
  const { usd } = failed.cost;
  const baselineUsd = usd === null ? null : dollars(Math.round(usd * perDollar) + savedNano);
  return resultSchema.parse({ ...failed, status: outcome, error: null, cost: { ...failed.cost, baselineUsd } });
}

const sumOf = (results: readonly NocpResult[], amountOf: (result: NocpResult) => number): number =>
  dollars(results.reduce((sum, result) => sum + Math.round(amountOf(result) * perDollar), 0));

function expectTotals(totals: TransactionTotals, results: readonly NocpResult[]): void {
  const known = results.filter(({ cost }) => cost.usd !== null);
  const compared = known.filter(({ cost }) => cost.baselineUsd !== null);
  expect(totals).toMatchObject({
    count: results.length,
    failed: results.filter(({ status }) => status === "failed").length,
    attempts: results.reduce((sum, result) => sum + result.attempts.length, 0),
    inputTokensRaw: results.reduce((sum, { tokens }) => sum + tokens.input.raw, 0),
    unknownCostCount: results.length - known.length,
    costUsd: known.length === 0 ? null : sumOf(known, ({ cost }) => cost.usd!),
    knownUsd: sumOf(results, ({ cost }) => cost.usd ?? cost.knownUsd!),
    comparedCount: compared.length,
    comparedBaselineUsd: compared.length === 0 ? null : sumOf(compared, ({ cost }) => cost.baselineUsd!),
  });
}

test("totals are the sums of the results, whole and by tenant, key, tag and model", () => {
  fc.assert(
    fc.property(fc.array(scenarios, { minLength: 1, maxLength: 40 }), (list) => {
      const results = list.map(resultOf);
      const store = openTransactionStore(":memory:");
      try {
        const transactions = results.map((result) => transactionSchema.parse(JSON.parse(JSON.stringify(transactionOf(result)))));
        store.write({ transactions, incidents: [] });
        const scope = { last: list.length };
        expectTotals(reportOf(store, scope).totals, results);
        const groupsOf = {
          tenant: ({ tenant }: NocpResult) => [tenant],
          key: ({ key }: NocpResult) => [key ?? null],
          tag: ({ tags }: NocpResult) => (tags.length === 0 ? [null] : tags),
          model: ({ provider, model }: NocpResult) => [provider === null ? null : `${provider}/${model}`],
        };
        for (const grouping of ["tenant", "key", "tag", "model"] as const) {
          const { groups = [] } = reportOf(store, scope, grouping);
          const names = new Set(results.flatMap((result): (string | null)[] => groupsOf[grouping](result)));
          expect(new Set(groups.map(({ group }) => group))).toEqual(names);
          for (const { group, ...totals } of groups)
            expectTotals(
              totals,
              results.filter((result) => (groupsOf[grouping](result) as (string | null)[]).includes(group)),
            );
        }
      } finally {
        store.close();
      }
    }),
    { numRuns: 100 },
  );
});
