// What the gateway does in its own process although it belongs to other services: compressing without a queue, and adding up
// what requests cost. Their packages are loaded when there is something to do.
import { assessSection } from "@nocp/assess/config.ts";
import type { HostedCompression } from "@nocp/assess/hosted-compression.ts";
import type { Section, SectionValues } from "@nocp/contracts/settings/setting.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { observabilitySection } from "@nocp/observability/config.ts";
import { budgetsSection } from "@nocp/runtime/budgets/budgets-section.ts";
import type { UsageTotals } from "./mcp/mcp-work.ts";

/** Calls for embeddings are priced and limited as llm-router does it. */
export const hostedSections = [assessSection, observabilitySection, routerSection, budgetsSection];

export interface HostedWork {
  readonly openCompression: () => Promise<HostedCompression>;
  /** @throws NocpError RESULT_NOT_FOUND where observability's database is on another machine. */
  readonly usage: (tenant: string, last: number) => Promise<UsageTotals>;
  /** Whose tokens count where a call names no model. */
  readonly defaultModel: string;
}

export function hostedWork(
  config: { section<S extends Section>(section: S): SectionValues<S> },
  onRelease: (release: () => Promise<void>) => void,
): HostedWork {
  const assess = config.section(assessSection);
  const { databaseFile } = config.section(observabilitySection);
  return {
    openCompression: async () => (await import("@nocp/assess/hosted-compression.ts")).openHostedCompression(assess, onRelease),
    usage: async (tenant, last) => (await import("@nocp/observability/read-totals.ts")).readTotals(databaseFile, tenant, last),
    defaultModel: assess.defaultModel,
  };
}
