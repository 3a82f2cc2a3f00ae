// Files and batches on the stores of the deployment, and what removes them when their time is over.
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import type { ChunkStore } from "@nocp/runtime/stores/chunk-store.ts";
import type { RevisionStore } from "@nocp/runtime/stores/revision-store.ts";
import type { z } from "zod";
import type { RequestDefaults } from "../compose-request.ts";
import { fileRecordSchema } from "../files/file-record.ts";
import { createFiles } from "../files/files.ts";
import type { WarningLog } from "../route-tools.ts";
import { servedApis } from "../served-apis.ts";
import { type BatchRecord, batchRecordSchema, hasEnded } from "./batch-record.ts";
import { createBatchWork } from "./run-batch.ts";

export interface BatchStores {
  revisions<T>(bucket: string, schema: z.ZodType<T>): Promise<RevisionStore<T>>;
  chunks(bucket: string, ttlMs: number): Promise<ChunkStore>;
}

export interface BatchResources {
  readonly broker: BatchStores;
  readonly queue: RequestQueue;
  readonly settings: RequestDefaults & {
    readonly fileTtlMs: number;
    readonly maxBodyBytes: number;
    readonly batchMaxLines: number;
    readonly batchLinesAtOnce: number;
  };
  readonly logger: WarningLog;
  onRelease(release: () => Promise<void>): void;
}

const segmentLines = 200;
const lookEveryMs = 1_000;
const sweepEveryMs = 15 * 60_000;

export async function openBatches({ broker, queue, settings, logger, onRelease }: BatchResources) {
  const { fileTtlMs: ttlMs, maxBodyBytes: maxLineBytes, batchMaxLines: maxLines, batchLinesAtOnce: linesAtOnce } = settings;
  const now = Date.now;
  const chunks = await broker.chunks("file_chunks", ttlMs);
  const files = createFiles({ records: await broker.revisions("files", fileRecordSchema), chunks, ttlMs, now });
  const batches = await broker.revisions<BatchRecord>("batches", batchRecordSchema);
  const limits = { maxLines, maxLineBytes, linesAtOnce, segmentLines };
  const work = createBatchWork({ batches, files, chunks, queue, apis: servedApis, defaults: settings, limits, now, lookEveryMs });
  const sweep = async (): Promise<void> => {
    await files.removeExpired();
    for (const { key, value } of await batches.list())
      if (hasEnded(value) && (value.since.validating ?? 0) + ttlMs <= now()) await batches.remove(key);
  };
  const onError = (error: unknown) => logger.warn({ err: error }, "expired files and batches could not be removed");
  const timer = setInterval(() => void sweep().catch(onError), sweepEveryMs);
  onRelease(async () => clearInterval(timer));
  return { files, batches, work };
}
