// A short benchmark of the deployment itself: requests that no vendor is asked about, through the queue and all stages.
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import pLimit from "p-limit";
import { z } from "zod";

export const benchmarkBodySchema = z.strictObject({
  requests: z.int().min(1).max(500).default(50),
  concurrency: z.int().min(1).max(64).default(4).describe("Requests at once."),
});

const percentiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() });
export const benchmarkAnswerSchema = z.object({
  object: z.literal("nocp.benchmark"),
  requests: z.int(),
  concurrency: z.int(),
  failed: z.int(),
  duration_ms: z.number(),
  requests_per_second: z.number(),
  latency_ms: percentiles.nullable().describe("Of requests that were answered, from submission to result."),
  stage_ms: z.record(z.string(), z.number()).describe("Median work of each stage."),
});

export interface BenchmarkDependencies {
  readonly queue: Pick<RequestQueue, "submit" | "wait">;
  /** Milliseconds of a clock that only goes forward. */
  readonly clockMs: () => number;
}

export interface BenchmarkOptions extends z.infer<typeof benchmarkBodySchema> {
  /** Whose requests these are; they are tagged, and cost nothing. */
  readonly tenant: string;
  readonly signal: AbortSignal;
}

const requestTimeoutMs = 30_000;
const tag = "nocp-benchmark";

const requestFor = (tenant: string): NocpRequestInput & { readonly requestId: string; readonly tenant: string } => ({
  requestId: createRequestId(),
  tenant,
  query: "How large may an upload be?",
  documents: [{ title: "Notes", text: "The limit for uploads was raised to 20 MB. The colour of the logo is now blue." }],
  routing: { provider: "extractive", cache: "off" },
  limits: { timeoutMs: requestTimeoutMs },
  tags: [tag],
});

interface Measured {
  readonly ms: number;
  /** Undefined when there was none in time. */
  readonly result: NocpResult | undefined;
}

/** Failures are counted, and end nothing. */
export async function runBenchmark(
  { queue, clockMs }: BenchmarkDependencies,
  { requests, concurrency, tenant, signal }: BenchmarkOptions,
): Promise<z.infer<typeof benchmarkAnswerSchema>> {
  const limit = pLimit(concurrency);
  const measure = async (): Promise<Measured> => {
    const request = requestFor(tenant);
    const startedAt = clockMs();
    if (signal.aborted) return { ms: 0, result: undefined };
    const [result] = await Promise.all([
      queue.wait({ tenant, requestId: request.requestId }, requestTimeoutMs, signal),
      queue.submit(request, ROOT_CONTEXT),
    ]).catch(() => [undefined]);
    return { ms: clockMs() - startedAt, result };
  };
  const startedAt = clockMs();
  const measured = await Promise.all(Array.from({ length: requests }, () => limit(measure)));
  const durationMs = clockMs() - startedAt;
  const answered = measured.filter(({ result }) => result?.status === "succeeded");
  return {
    ...{ object: "nocp.benchmark", requests, concurrency, failed: requests - answered.length },
    duration_ms: rounded(durationMs),
    requests_per_second: rounded((answered.length * 1000) / Math.max(durationMs, 1)),
    latency_ms: percentilesOf(answered.map(({ ms }) => ms)),
    stage_ms: stageMedians(answered.flatMap(({ result }) => (result ? [result.latency.stageMs] : []))),
  };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** Nearest rank. */
const rankOf = (sorted: readonly number[], share: number): number =>
  rounded(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);

function percentilesOf(values: readonly number[]): z.infer<typeof percentiles> | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((one, other) => one - other);
  return { p50: rankOf(sorted, 0.5), p95: rankOf(sorted, 0.95), p99: rankOf(sorted, 0.99), max: rankOf(sorted, 1) };
}

function stageMedians(works: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(works.flatMap((work) => Object.keys(work)));
  return Object.fromEntries(
    [...names].map((name) => {
      const sorted = works.map((work) => work[name] ?? 0).toSorted((one, other) => one - other);
      return [name, rankOf(sorted, 0.5)];
    }),
  );
}
