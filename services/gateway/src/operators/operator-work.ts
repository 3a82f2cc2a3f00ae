// What operators look at and change over HTTP: on the broker, and by asking the services that keep it.
import type { DeadLetters } from "@nocp/client/dead-letters.ts";
import { type Answer, observabilityCalls, type Question } from "@nocp/contracts/observability-calls.ts";
import type { ServiceName } from "@nocp/contracts/topology.ts";
import type { ProviderSetup } from "@nocp/models/provider.ts";
import type { Budget } from "@nocp/runtime/budgets/budget.ts";
import {
  type BudgetStates,
  type BudgetView,
  changeBudgets,
  createKeyBudgets,
  viewBudgets,
} from "@nocp/runtime/budgets/stored-budgets.ts";
import type { BrokerHealth } from "@nocp/runtime/stores/broker-health.ts";
import type { KeyStore } from "@nocp/runtime/stores/keys/key-store.ts";
import { type ModelState, type ModelStateStores, readModelStates } from "../hosted-work.ts";
import { createKeyIssuer, type KeyIssuer } from "../keys/key-issuer.ts";

/** A broker's, as far as operators are concerned. */
export interface OperatorBroker extends BudgetStates, ModelStateStores {
  call(service: ServiceName, name: string, question: unknown): Promise<unknown>;
  tenants(): Promise<readonly { readonly name: string; readonly createdAt: number }[]>;
  health(): Promise<BrokerHealth>;
  keys(): Promise<KeyStore>;
}

type Ask<Name extends keyof typeof observabilityCalls> = (question: Question<Name>) => Promise<Answer<Name>>;

export interface OperatorWork {
  readonly transactions: Ask<"transactions">;
  readonly totals: Ask<"totals">;
  readonly deadLetters: Pick<DeadLetters, "list" | "show"> & { readonly redrive: Ask<"redrive">; readonly drop: Ask<"drop"> };
  readonly budgets: {
    view(): Promise<readonly BudgetView[]>;
    set(budget: Budget): Promise<void>;
    /** @returns whether there was such a budget. */
    remove(id: string): Promise<boolean>;
  };
  readonly keys: KeyIssuer;
  modelStates(): Promise<readonly ModelState[]>;
  tenants: OperatorBroker["tenants"];
  health: OperatorBroker["health"];
}

export interface OperatorWorkDependencies {
  readonly broker: OperatorBroker;
  readonly deadLetters: Pick<DeadLetters, "list" | "show">;
  readonly setups: readonly ProviderSetup[];
  readonly breakerWindowMs: number;
  readonly now: () => number;
}

export async function openOperatorWork(dependencies: OperatorWorkDependencies): Promise<OperatorWork> {
  const { broker, deadLetters, setups, breakerWindowMs: windowMs, now } = dependencies;
  const ask =
    <Name extends keyof typeof observabilityCalls>(name: Name): Ask<Name> =>
    async (question) =>
      observabilityCalls[name].answer.parse(await broker.call("observability", name, question)) as Answer<Name>;
  return {
    transactions: ask("transactions"),
    totals: ask("totals"),
    // The gateway may read dead letters, but may not put them onto a stage's queue.
    deadLetters: { list: deadLetters.list, show: deadLetters.show, redrive: ask("redrive"), drop: ask("drop") },
    budgets: {
      view: () => viewBudgets(broker, now()),
      async set(budget) {
        await changeBudgets(broker, (budgets) => [...budgets.filter(({ id }) => id !== budget.id), budget]);
      },
      async remove(id) {
        let wasThere = false;
        await changeBudgets(broker, (budgets) => {
          wasThere = budgets.some((budget) => budget.id === id);
          return budgets.filter((budget) => budget.id !== id);
        });
        return wasThere;
      },
    },
    keys: createKeyIssuer({ keys: await broker.keys(), budgets: createKeyBudgets(broker), now }),
    modelStates: () => readModelStates(broker, { setups, windowMs, now: now() }),
    tenants: () => broker.tenants(),
    health: () => broker.health(),
  };
}
