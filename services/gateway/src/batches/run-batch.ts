// The job of a batch: checks its input, asks line after line, and writes the answers down in segments.
//
// Invariant: the output holds the answers of exactly the first `finishedLines` lines. A segment's chunks are written before the
// record says so; whoever takes over writes the same chunks again. Lines that were asked before are found by their ids.
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import { InvalidField, type ServerApi } from "@nocp/models/server-api.ts";
import type { ChunkStore } from "@nocp/runtime/stores/chunk-store.ts";
import type { RevisionStore } from "@nocp/runtime/stores/revision-store.ts";
import pLimit from "p-limit";
import { z } from "zod";
import type { RequestDefaults } from "../compose-request.ts";
import type { Files } from "../files/files.ts";
import type { JobOutcome, JobWork } from "../jobs/job.ts";
import { type AnsweredLine, answerLine, type LineContext } from "./answer-line.ts";
import { isLine, parseLine, readLines } from "./batch-lines.ts";
import { type BatchOutput, type BatchRecord, type BatchStatus, batchKey, hasEnded } from "./batch-record.ts";
import { checkInput } from "./check-input.ts";

export const batchJobKind = "batch";
export const batchJobSchema = z.object({ tenant: z.string(), id: z.string(), addedAt: z.number() });
export const batchJobKey = ({ tenant, id }: Pick<BatchRecord, "tenant" | "id">): string => `${batchJobKind}.${tenant}.${id}`;

export interface BatchLimits {
  readonly maxLines: number;
  readonly maxLineBytes: number;
  /** Lines that are asked at once. */
  readonly linesAtOnce: number;
  /** Lines whose answers are written down together. */
  readonly segmentLines: number;
}

export interface BatchDependencies {
  readonly batches: RevisionStore<BatchRecord>;
  readonly files: Files;
  readonly chunks: ChunkStore;
  readonly queue: Pick<RequestQueue, "submit" | "find" | "wait" | "cancel">;
  readonly apis: readonly ServerApi[];
  readonly defaults: RequestDefaults;
  readonly limits: BatchLimits;
  readonly now: () => number;
  /** How often it is looked whether the batch was cancelled, in milliseconds. */
  readonly lookEveryMs: number;
}

/** A record is made right after its job. */
const recordWithinMs = 60_000;
const lookForRecordMs = 1_000;

export function createBatchWork(dependencies: BatchDependencies): JobWork {
  const { batches, now } = dependencies;
  return async ({ body, attempts }, signal): Promise<JobOutcome> => {
    const job = batchJobSchema.parse(body);
    const found = await batches.get(batchKey(job.tenant, job.id) ?? "none");
    if (found === undefined)
      return now() - job.addedAt > recordWithinMs ? "finished" : { notBefore: now() + lookForRecordMs, body };
    if (hasEnded(found.value)) return "finished";
    await runBatch(found.value, attempts > 1, signal, dependencies);
    return "finished";
  };
}

async function runBatch(
  batch: BatchRecord,
  isResumed: boolean,
  signal: AbortSignal,
  dependencies: BatchDependencies,
): Promise<void> {
  const { apis, batches, files, now } = dependencies;
  const change = changerOf(batch, batches);
  const enter = (status: BatchStatus, more: Partial<BatchRecord> = {}) =>
    change((current) => ({ ...current, ...more, status, since: { ...current.since, [status]: now() } }));
  const input = await files.get(batch.tenant, batch.inputFileId);
  const api = apis.find(({ path }) => path === batch.endpoint);
  if (input === undefined || api === undefined) {
    const message = input === undefined ? "The input file was deleted." : `There is no ${batch.endpoint}.`;
    return void (await enter("failed", { errors: [{ code: "invalid_input", message, line: null, param: "input_file_id" }] }));
  }
  if (batch.status === "validating") {
    const { total, errors } = await checkInput(files.read(input), batch.endpoint, dependencies.limits, signal);
    if (errors.length > 0) return void (await enter("failed", { errors: [...errors] }));
    await change((current) => ({
      ...current,
      counts: { ...current.counts, total },
      ...(current.status === "validating"
        ? { status: "in_progress" as const, since: { ...current.since, in_progress: now() } }
        : {}),
    }));
  }
  const ending = watchEnding(batch, dependencies);
  try {
    const { finishedLines } = batch;
    const askedBefore = isResumed ? finishedLines + (openSegments + 2) * dependencies.limits.segmentLines : 0;
    const context = { batch, api, askedBefore, ending: ending.signal, signal, ...dependencies };
    await answerLines(files.read(input), context, change, dependencies);
  } finally {
    ending.stop();
  }
  signal.throwIfAborted();
  const end = ending.signal.aborted ? (ending.signal.reason as "cancelled" | "expired") : "completed";
  if (end === "completed") await enter("finalizing");
  const finished = await change((current) => current);
  await publish(finished, dependencies);
  await enter(end);
}

/** Changes the record until nobody comes between. */
const changerOf =
  ({ tenant, id }: BatchRecord, batches: RevisionStore<BatchRecord>) =>
  async (next: (current: BatchRecord) => BatchRecord): Promise<BatchRecord> => {
    const key = batchKey(tenant, id) ?? "none";
    for (;;) {
      const current = await batches.get(key);
      if (current === undefined) throw new Error(`batch ${id} is gone`);
      const value = next(current.value);
      if (value === current.value || (await batches.update({ ...current, value })) !== undefined) return value;
    }
  };

type Change = ReturnType<typeof changerOf>;

/** Segments that are asked while an earlier one is not complete. */
const openSegments = 3;

async function answerLines(
  content: AsyncIterable<Uint8Array>,
  context: LineContext,
  change: Change,
  { limits, chunks }: BatchDependencies,
): Promise<void> {
  const { tenant, id } = context.batch;
  let written = await change((current) => current);
  const limit = pLimit(limits.linesAtOnce);
  let segment: Promise<AnsweredLine>[] = [];
  const segments: Promise<AnsweredLine>[][] = [];
  const writeFirst = async (): Promise<void> => {
    const answers = await Promise.all(segments.shift() ?? []);
    written = await writeSegment(answers, written, { change, chunks, owner: tenant, batch: id });
  };
  for await (const line of readLines(content, limits.maxLineBytes)) {
    if (line.number < written.finishedLines && segments.length === 0 && segment.length === 0) continue;
    context.signal.throwIfAborted();
    const parsed = parseLine(line, context.api.path);
    if (!isLine(parsed)) throw new InvalidField("input_file_id", `line ${line.number + 1} has changed`);
    const answer = limit(() => answerLine(parsed, line.number, context));
    // Whoever waits for the segment hears of it.
    answer.catch(() => undefined);
    segment.push(answer);
    if (segment.length < limits.segmentLines) continue;
    segments.push(segment);
    segment = [];
    if (segments.length > openSegments) await writeFirst();
  }
  if (segment.length > 0) segments.push(segment);
  while (segments.length > 0) await writeFirst();
}

interface SegmentTarget {
  readonly change: Change;
  readonly chunks: ChunkStore;
  readonly owner: string;
  readonly batch: string;
}

/** @param before the record as it was when the segment began. */
async function writeSegment(answers: readonly AnsweredLine[], before: BatchRecord, target: SegmentTarget): Promise<BatchRecord> {
  const good = answers.filter(({ isAnswer }) => isAnswer);
  const bad = answers.filter(({ isAnswer }) => !isAnswer);
  const output = await append(before.output, good, target);
  const failures = await append(before.failures, bad, target);
  return target.change((current) => {
    if (current.finishedLines !== before.finishedLines) throw new Error(`another process works on ${target.batch}`);
    const { total, completed, failed } = current.counts;
    const counts = { total, completed: completed + good.length, failed: failed + bad.length };
    return { ...current, counts, output, failures, finishedLines: before.finishedLines + answers.length };
  });
}

async function append(
  output: BatchOutput,
  lines: readonly AnsweredLine[],
  { chunks, owner }: SegmentTarget,
): Promise<BatchOutput> {
  if (lines.length === 0) return output;
  const bytes = Buffer.from(lines.map(({ text }) => text).join(""));
  const parts = await chunks.write(`${owner}.${output.id}`, output.chunks.length, bytes);
  return { ...output, bytes: output.bytes + bytes.byteLength, chunks: [...output.chunks, parts] };
}

/** The outputs become files of the tenant's own. */
async function publish({ tenant, id, output, failures }: BatchRecord, { files }: BatchDependencies): Promise<void> {
  for (const [name, { id: fileId, bytes, chunks }] of [
    ["output", output],
    ["error", failures],
  ] as const) {
    if (bytes === 0) continue;
    await files.publish({ id: fileId, tenant, filename: `${id}_${name}.jsonl`, purpose: "batch_output", bytes, chunks });
  }
}

/** Ends with the reason `cancelled` or `expired`. */
function watchEnding({ tenant, id, expiresAt }: BatchRecord, { batches, now, lookEveryMs }: BatchDependencies) {
  const controller = new AbortController();
  const look = async (): Promise<void> => {
    if (now() >= expiresAt) return controller.abort("expired");
    const current = await batches.get(batchKey(tenant, id) ?? "none").catch(() => undefined);
    if (current?.value.status === "cancelling") controller.abort("cancelled");
  };
  void look();
  const timer = setInterval(() => void look(), lookEveryMs);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
