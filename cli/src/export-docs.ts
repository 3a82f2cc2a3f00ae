// Writes the pages of docs/, and parts of the deployment's files, that follow from the code; with --check it only says which are stale.
import { fileURLToPath } from "node:url";
import { createGatewayMetrics } from "@nocp/gateway/metrics.ts";
import { createBreakerObserver, createHealthObserver } from "@nocp/llm-router/breakers/breaker-metrics.ts";
import { createBudgetObserver } from "@nocp/llm-router/budgets/budget-metrics.ts";
import { createCallMetrics } from "@nocp/llm-router/call-metrics.ts";
import { createMetrics } from "@nocp/observability/metrics.ts";
import { createMeasureInterceptor } from "@nocp/runtime/stage/measure-interceptor.ts";
import { defineBuildInfo } from "@nocp/runtime/telemetry/build-info.ts";
import { createProblemCounter } from "@nocp/runtime/telemetry/export-problems.ts";
import { defineQueueGauges } from "@nocp/runtime/transport/queue-gauges.ts";
import { Registry } from "prom-client";
import { compatibilityDocument } from "./reference/compatibility.ts";
import { configurationDocument, findSections } from "./reference/configuration.ts";
import { deploymentDocuments } from "./reference/deployment.ts";
import { errorDocument } from "./reference/errors.ts";
import { messageDocument } from "./reference/messages.ts";
import { type MetricGroup, metricDocument } from "./reference/metrics.ts";
import { providerDocument } from "./reference/providers.ts";
import { exportDocuments, type ReferenceDocument, staleDocuments } from "./reference/reference-document.ts";
import { schemaDocuments } from "./reference/schemas.ts";
import { warningDocument } from "./reference/warnings.ts";

/** Every metric a service registers, by subject. */
function metricGroups(): MetricGroup[] {
  const observability = new Registry();
  createMetrics(observability, { labelValueLimit: 1 });
  defineQueueGauges(observability, () => Promise.reject(new Error("no broker")), Date.now);
  const stages = new Registry();
  createMeasureInterceptor(stages, "act", { add: () => {} }, Date.now);
  const gateway = new Registry();
  createGatewayMetrics(gateway, () => 0);
  const router = new Registry();
  createCallMetrics(router, { providers: [], labelValueLimit: 1 });
  createBudgetObserver(router);
  createHealthObserver(router);
  createBreakerObserver(router, { warn: () => {}, info: () => {} }, () => {});
  const telemetry = new Registry();
  createProblemCounter(telemetry);
  defineBuildInfo(telemetry);
  return [
    { heading: "observability: requests, tokens, costs", registry: observability },
    { heading: "Every stage: messages", registry: stages },
    { heading: "llm-router: calls of providers, breakers and budgets", registry: router },
    { heading: "gateway: calls of the HTTP API", registry: gateway },
    { heading: "Every service: its version, and OpenTelemetry", registry: telemetry },
  ];
}

/** All pages and files that follow from the code. @param root the project's folder, absolute. */
export async function referenceDocuments(root: string): Promise<ReferenceDocument[]> {
  return [
    ...schemaDocuments(),
    messageDocument(),
    errorDocument(),
    warningDocument(),
    providerDocument(),
    compatibilityDocument(),
    metricDocument(metricGroups()),
    configurationDocument(await findSections(root)),
    ...deploymentDocuments(root),
  ];
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const documents = await referenceDocuments(root);
  const checkOnly = process.argv.includes("--check");
  const stale = checkOnly ? staleDocuments(documents, `${root}/docs`) : exportDocuments(documents, `${root}/docs`);
  console.log(stale.length === 0 ? "docs/ is up to date." : `${checkOnly ? "Stale" : "Written"}: ${stale.join(", ")}`);
  if (checkOnly && stale.length > 0) process.exitCode = 1;
}
