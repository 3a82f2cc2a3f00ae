// /v1/batches, as OpenAI has it.
import { InvalidField, type ServerApi } from "@nocp/models/server-api.ts";
import type { RevisionStore } from "@nocp/runtime/stores/revision-store.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Access } from "../authenticate.ts";
import { checkInput } from "../check-input.ts";
import { NotAllowed } from "../compose-request.ts";
import { createFileId } from "../files/file-record.ts";
import type { Files } from "../files/files.ts";
import { pageOf } from "../files/list-page.ts";
import { refusal } from "../http-failure.ts";
import type { JobRunner } from "../jobs/run-jobs.ts";
import type { AddRoutes } from "../route-tools.ts";
import { type BatchRecord, batchKey, batchObject, createBatchId, hasEnded } from "./batch-record.ts";
import { batchJobKey, batchJobKind } from "./run-batch.ts";

export interface BatchRouteDependencies {
  readonly batches: RevisionStore<BatchRecord>;
  readonly files: Files;
  readonly jobs: JobRunner;
  readonly apis: readonly ServerApi[];
  readonly now: () => number;
}

const root = "/v1/batches";
const completionWindowMs = 24 * 3_600_000;

export const batchBodySchema = z.object({
  input_file_id: z.string().describe("A file with the purpose batch: one request a line."),
  endpoint: z.string().describe("What each line calls."),
  completion_window: z.literal("24h").describe("After this time, lines that are not answered are given up."),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
});

export const batchRoutes =
  (dependencies: BatchRouteDependencies): AddRoutes =>
  (app, { accessOf, refuse, post }) => {
    const { batches, jobs, now } = dependencies;
    const find = async (request: FastifyRequest) => {
      const key = batchKey(accessOf(request).tenant, idOf(request));
      return key === undefined ? undefined : batches.get(key);
    };
    const missing = (request: FastifyRequest, reply: FastifyReply) =>
      refuse(request, reply, refusal(404, "NOT_FOUND", `There is no batch ${idOf(request).slice(0, 64)}.`));
    post(root, async (request) => batchObject(await create(request.body, accessOf(request), dependencies)));
    app.get(root, async (request) => {
      const all = (await batches.list(`${accessOf(request).tenant}.*`)).map(({ value }) => value);
      const newestFirst = all.sort((one, other) => (other.since.validating ?? 0) - (one.since.validating ?? 0));
      return pageOf(request, newestFirst.map(batchObject));
    });
    app.get(`${root}/:id`, async (request, reply) => {
      const found = await find(request);
      return found ? batchObject(found.value) : missing(request, reply);
    });
    app.post(`${root}/:id/cancel`, async (request, reply) => {
      for (;;) {
        const found = await find(request);
        if (found === undefined) return missing(request, reply);
        const { value } = found;
        if (hasEnded(value) || value.status === "cancelling" || value.status === "finalizing") return batchObject(value);
        const cancelling: BatchRecord = { ...value, status: "cancelling", since: { ...value.since, cancelling: now() } };
        if ((await batches.update({ ...found, value: cancelling })) === undefined) continue;
        jobs.nudge(batchJobKey(value));
        return batchObject(cancelling);
      }
    });
  };

async function create(body: unknown, access: Access, { batches, files, jobs, apis, now }: BatchRouteDependencies) {
  const { input_file_id: inputFileId, endpoint, metadata = null } = checkInput(batchBodySchema, body);
  if (!apis.some(({ path }) => path === endpoint))
    throw new InvalidField("endpoint", `must be one of ${apis.map(({ path }) => path).join(", ")}`);
  if (access.lanes.length > 0 && !access.lanes.includes("batch"))
    throw new NotAllowed("endpoint", "the key does not allow the lane batch");
  const input = await files.get(access.tenant, inputFileId);
  if (input?.purpose !== "batch") throw new InvalidField("input_file_id", "names no file with the purpose batch");
  const batch: BatchRecord = {
    ...{ id: createBatchId(), tenant: access.tenant, endpoint, inputFileId, metadata, status: "validating", errors: [] },
    access: {
      ...{ models: [...access.models], lanes: [...access.lanes], compression: access.compression },
      ...(access.payloads ? { payloads: access.payloads } : {}),
    },
    since: { validating: now() },
    expiresAt: now() + completionWindowMs,
    counts: { total: 0, completed: 0, failed: 0 },
    finishedLines: 0,
    output: { id: createFileId(), bytes: 0, chunks: [] },
    failures: { id: createFileId(), bytes: 0, chunks: [] },
  };
  // The job first: a batch that nobody works on would be shown for ever.
  const { tenant, id } = batch;
  await jobs.add(batchJobKey(batch), batchJobKind, { tenant, id, addedAt: now() });
  await batches.create(`${tenant}.${id}`, batch);
  jobs.nudge(batchJobKey(batch));
  return batch;
}

const idOf = ({ params }: FastifyRequest): string => (params as { readonly id: string }).id;
