// What the gateway does in its own process although it belongs to other services: compressing without a queue, and looking
// after budgets and the states of models. What takes long to load is loaded when there is something to do.
import { assessSection } from "@nocp/assess/config.ts";
import type { HostedCompression } from "@nocp/assess/hosted-compression.ts";
import type { Section, SectionValues } from "@nocp/contracts/settings/setting.ts";
import { breakersSection } from "@nocp/llm-router/breakers/config.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { budgetsSection } from "@nocp/runtime/budgets/budgets-section.ts";

export { type ModelState, type ModelStateStores, readModelStates } from "@nocp/llm-router/model-states.ts";

/** Calls for embeddings are priced and limited as llm-router does it. */
export const hostedSections = [assessSection, breakersSection, routerSection, budgetsSection];

export interface HostedWork {
  /** The same at each call: it loads vocabularies, and may start threads. */
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
    openCompression: once(async () =>
      (await import("@nocp/assess/hosted-compression.ts")).openHostedCompression(assess, onRelease),
    ),
    defaultModel: assess.defaultModel,
    breakerWindowMs: config.section(breakersSection).windowMs,
  };
}

/** Opened at the first call, and again after a failure. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
