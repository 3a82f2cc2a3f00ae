// What other services ask of observability: the transactions, and what is done about dead letters.
import type { DeadLetters } from "@nocp/client/dead-letters.ts";
import { tidyNumbers } from "@nocp/contracts/json/tidy-numbers.ts";
import { observabilityCalls } from "@nocp/contracts/observability-calls.ts";
import type { AnswerCall } from "@nocp/runtime/stores/service-calls.ts";
import type { TransactionQueries } from "./transaction-queries.ts";

export interface AnswerDependencies {
  readonly store: Pick<TransactionQueries, "page" | "totals" | "latencyPercentiles" | "totalsBy">;
  readonly deadLetters: Pick<DeadLetters, "redrive" | "drop">;
}

type Calls = typeof observabilityCalls;

/** @returns by the name of the call. Each throws for a question of another form. */
export function answersOf({ store, deadLetters }: AnswerDependencies): Readonly<Record<keyof Calls, AnswerCall>> {
  return {
    transactions: (asked) => tidyNumbers(store.page(observabilityCalls.transactions.question.parse(asked))),
    totals(asked) {
      const { scope, by } = observabilityCalls.totals.question.parse(asked);
      return tidyNumbers({
        totals: store.totals(scope),
        latency: store.latencyPercentiles(scope),
        ...(by === undefined ? {} : { groups: store.totalsBy(by, scope) }),
      });
    },
    async redrive(asked) {
      const { id, timeoutMs } = observabilityCalls.redrive.question.parse(asked);
      const { sequence, letter } = await deadLetters.redrive(id, timeoutMs);
      return { sequence, requestId: letter.requestId, tenant: letter.tenant, stage: letter.stage };
    },
    async drop(asked) {
      const { sequence, letter } = await deadLetters.drop(observabilityCalls.drop.question.parse(asked).id);
      return { sequence, requestId: letter.requestId, tenant: letter.tenant, stage: letter.stage };
    },
  };
}
