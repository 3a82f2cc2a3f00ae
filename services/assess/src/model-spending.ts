// What assess spends on models that help to compress: what a request has paid for, and whom it has to ask before it pays.
import { budgetsSection } from "@nocp/runtime/budgets/budgets-section.ts";
import { openBudgets } from "@nocp/runtime/budgets/open-budgets.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import type { z } from "zod";
import { createCallGuard } from "./call-guard.ts";
import type { ConversationDependencies } from "./conversation/conversations.ts";
import type { AssessDependencies } from "./handle.ts";
import { callsOfRequest, type Metering, meterServices, paidCallSchema } from "./meter-services.ts";
import type { ModelServices, PriceOfCall } from "./model-services.ts";
import { distillerSection, embedderSection, modelServicesOf, priceOfCalls } from "./model-settings.ts";

export interface ModelSpending extends Pick<AssessDependencies, "paidCalls" | "guardFor"> {
  readonly services: ModelServices;
  readonly priceOfCall: PriceOfCall;
  readonly metersFor: NonNullable<ConversationDependencies["metersFor"]>;
}

type SpendingResources = Parameters<typeof openBudgets>[0] & {
  records<T>(bucket: string, schema: z.ZodType<T>): Promise<RecordStore<T>>;
};

/** Which models help, and what may be spent. */
export const spendingSections = [distillerSection, embedderSection, budgetsSection] as const;

/** Without such models nothing is opened. */
export async function openModelSpending(resources: SpendingResources): Promise<ModelSpending> {
  const { config, records } = resources;
  const endpoints = { distiller: config.section(distillerSection), embedder: config.section(embedderSection) };
  const services = modelServicesOf(endpoints.distiller, endpoints.embedder);
  const priceOfCall = priceOfCalls(endpoints, Date.now);
  const meter = (metering: Metering = {}) => meterServices(services, priceOfCall, Date.now, metering);
  if (Object.keys(services).length === 0)
    return { services, priceOfCall, paidCalls: undefined, guardFor: undefined, metersFor: () => meter() };
  const paidCalls = await records("helper-calls", paidCallSchema);
  const budgets = await openBudgets(resources);
  return {
    ...{ services, priceOfCall, paidCalls },
    guardFor: (guarded) => createCallGuard(budgets, guarded, Math.random),
    metersFor: (request, metering) => meter({ ...metering, paid: callsOfRequest(paidCalls, request) }),
  };
}
