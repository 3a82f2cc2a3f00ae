// Everything that the gateway serves beside vendors' chats, on the stores of the deployment.
import { randomUUID } from "node:crypto";
import { lookup } from "node:dns/promises";
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import type { Section, SectionValues } from "@nocp/contracts/settings/setting.ts";
import { routerSection } from "@nocp/models/router-section.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { openBudgets } from "@nocp/runtime/budgets/open-budgets.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import type { SharedState } from "@nocp/runtime/stores/shared-state.ts";
import type { z } from "zod";
import { batchRoutes } from "./batches/batch-routes.ts";
import { type BatchStores, openBatches } from "./batches/open-batches.ts";
import { batchJobKind } from "./batches/run-batch.ts";
import { compressRoutes } from "./compress/compress-routes.ts";
import { compressSessionSchema, createCompressSessions } from "./compress/compress-sessions.ts";
import type { gatewaySection } from "./config.ts";
import { createEmbeddingReservation } from "./embeddings/embedding-budget.ts";
import { embeddingProvidersOf } from "./embeddings/embedding-providers.ts";
import { embeddingRoutes } from "./embeddings/embedding-routes.ts";
import { fileRoutes } from "./files/file-routes.ts";
import type { HostedWork } from "./hosted-work.ts";
import { inspectionRoutes } from "./inspection/inspection-routes.ts";
import { type JobState, jobSchema } from "./jobs/job.ts";
import { startJobRunner } from "./jobs/run-jobs.ts";
import { mcpRoutes } from "./mcp/mcp-routes.ts";
import { openApiRoute } from "./openapi/openapi-route.ts";
import { operatorRoutes } from "./operators/operator-routes.ts";
import { type OperatorBroker, openOperatorWork } from "./operators/operator-work.ts";
import { usageOf } from "./operators/usage-totals.ts";
import { pageRoutes } from "./page/page-routes.ts";
import { requestRoutes, submittedSchema } from "./requests/request-routes.ts";
import type { AddRoutes, WarningLog } from "./route-tools.ts";
import { servedApis } from "./served-apis.ts";
import { createWebhookPost } from "./webhooks/post-webhook.ts";
import { createWebhookAccess } from "./webhooks/webhook-access.ts";
import { createWebhookWork, webhookJobKind } from "./webhooks/webhook-work.ts";
import { createWebhooks } from "./webhooks/webhooks.ts";

export interface RouteResources {
  records<T>(bucket: string, schema: z.ZodType<T>): Promise<RecordStore<T>>;
  readonly broker: BatchStores & OperatorBroker;
  durableState<T>(bucket: string, schema: z.ZodType<T>, ttlMs: number): Promise<SharedState<T>>;
  onRelease(release: () => Promise<void>): void;
  secret(name: string): Promise<string>;
  readonly archive: ArchiveStore;
  readonly queue: RequestQueue;
  readonly settings: SectionValues<typeof gatewaySection>;
  readonly logger: WarningLog;
  readonly openCompression: HostedWork["openCompression"];
  readonly defaultModel: string;
  readonly breakerWindowMs: number;
  readonly config: { section<S extends Section>(section: S): SectionValues<S> };
}

export async function openRoutes(resources: RouteResources): Promise<AddRoutes[]> {
  const { records, archive, queue, settings, logger, openCompression } = resources;
  const sessions = createCompressSessions(await records("compressions", compressSessionSchema));
  const deploymentSecret = await resources.secret("webhooks");
  const accessOf = createWebhookAccess(settings);
  const { files, batches, work } = await openBatches(resources);
  const jobs = startJobRunner({
    store: await resources.broker.revisions<JobState>("jobs", jobSchema),
    owner: randomUUID(),
    now: Date.now,
    onError: (error, job) => logger.warn({ err: error, job }, "a job failed and is begun again"),
    works: {
      [batchJobKind]: work,
      [webhookJobKind]: createWebhookWork({
        find: queue.find,
        post: createWebhookPost((hostname) => lookup(hostname, { all: true })),
        ...{ accessOf, deploymentSecret, maxAttempts: settings.webhookAttempts, now: Date.now, random: Math.random },
        onGivenUp: ({ requestId }, reason) => logger.warn({ requestId, reason }, "a webhook was given up"),
      }),
    },
  });
  resources.onRelease(jobs.stop);
  const webhooks = createWebhooks({ jobs, queue, accessOf, deploymentSecret, now: Date.now });
  const read = <S extends Section>(section: S) => resources.config.section(section);
  const providers = embeddingProvidersOf(vendors, read, read(routerSection).models);
  const reserve = createEmbeddingReservation(await openBudgets(resources), Date.now, Math.random);
  const setups = vendors.flatMap((vendor) => vendor.providers(read));
  const submitted = await records("requests", submittedSchema);
  const operators = await openOperatorWork({ ...resources, setups, deadLetters: queue.deadLetters, now: Date.now });
  return [
    mcpRoutes({ ...resources, compression: openCompression, usage: usageOf(operators) }),
    compressRoutes({ compression: openCompression, sessions, archive }),
    fileRoutes({ files, maxBytes: settings.maxFileBytes }),
    batchRoutes({ batches, files, jobs, apis: servedApis, now: Date.now }),
    embeddingRoutes({ providers, reserve, record: queue.record, settings, logger, fetch, now: Date.now }),
    openApiRoute,
    pageRoutes,
    ...operatorRoutes({ work: operators, queue }),
    inspectionRoutes({ providers: setups, sessions: queue.sessions, archive }),
    requestRoutes({ queue, submitted, webhooks, keepAliveMs: settings.keepAliveMs, now: Date.now }),
  ];
}
