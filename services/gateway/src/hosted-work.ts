// What the gateway does in its own process although it belongs to other services: compressing without a queue, and looking
// after budgets and the states of models. What takes long to load is loaded when there is something to do.
import { assessSection } from "@nocp/assess/config.ts";
import type { HostedCompression } from "@nocp/assess/hosted-compression.ts";
import type { Section, SectionValues } from "@nocp/contracts/settings/setting.ts";
import { breakersSection } from "@nocp/llm-router/breakers/config.ts";

export { allowanceText, type Budget, budgetSchema, parseAllowance } from "@nocp/llm-router/budgets/budget.ts";
export {
  type Allowance,
  type BudgetStates,
  type BudgetView,
  changeBudgets,
  createKeyBudgets,
  type KeyBudgets,
  viewBudgets,
} from "@nocp/llm-router/budgets/stored-budgets.ts";
export { type ModelState, type ModelStateStores, readModelStates } from "@nocp/llm-router/model-states.ts";

export const hostedSections = [assessSection, breakersSection];

export interface HostedWork {
  readonly openCompression: () => Promise<HostedCompression>;
  /** Whose tokens count where a call names no model. */
  readonly defaultModel: string;
  /** For how long calls count, in the states of models. */
  readonly breakerWindowMs: number;
}

export function hostedWork(
  config: { section<S extends Section>(section: S): SectionValues<S> },
  onRelease: (release: () => Promise<void>) => void,
): HostedWork {
  const assess = config.section(assessSection);
  return {
    openCompression: async () => (await import("@nocp/assess/hosted-compression.ts")).openHostedCompression(assess, onRelease),
    defaultModel: assess.defaultModel,
    breakerWindowMs: config.section(breakersSection).windowMs,
  };
}
