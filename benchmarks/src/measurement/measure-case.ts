// One case, one arm: asked through the whole pipeline, and what came of it.
import type { Client } from "@nocp/client/create-client.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type Stage, stages } from "@nocp/contracts/topology.ts";
import type { CountingModelServer } from "../servers/counting-model-server.ts";
import type { Question } from "../workloads/workload.ts";
import { createFactFinder } from "./find-facts.ts";

/** Where the time of one request went, in milliseconds; `total` as the caller saw it, the rest is queue and transport. */
export type TimeSplit = Readonly<Record<Stage | "total" | "model", number>>;

export interface ArmMeasurement {
  /** As the model server counted what reached it. */
  readonly inputTokens: number;
  /** What the model wrote: what a provider bills. */
  readonly outputTokens: number;
  /** The structured answer as compact JSON, and in the format it was handed over in. */
  readonly answerTokens: { readonly raw: number; readonly optimized: number };
  readonly timeMs: TimeSplit;
  /** Share of the needed facts that the answer holds; undefined when what it needs is not known. */
  readonly factShare: number | undefined;
  /** Whether the answer holds all it needs; undefined likewise. */
  readonly answered: boolean | undefined;
  /** Names of the strategies that changed something. */
  readonly strategies: readonly string[];
}

const resultTimeoutMs = 180_000;

/** @throws NocpError with the request's own code when it fails, or when a warning says that the figures would be void. */
export async function measureCase(
  client: Pick<Client, "ask">,
  server: Pick<CountingModelServer, "expect" | "takeCalls">,
  question: Question,
  request: NocpRequestInput,
): Promise<ArmMeasurement> {
  server.expect(question);
  server.takeCalls();
  const startedAt = performance.now();
  const result = await client.ask(request, { timeoutMs: resultTimeoutMs });
  const total = performance.now() - startedAt;
  checkSound(result);
  const calls = server.takeCalls();
  const sum = (tokens: "inputTokens" | "outputTokens") => calls.reduce((all, call) => all + call[tokens], 0);
  const { modelMs, stageMs } = result.latency;
  const work = Object.fromEntries(stages.map((stage) => [stage, stageMs[stage] ?? 0])) as Record<Stage, number>;
  return {
    inputTokens: sum("inputTokens"),
    outputTokens: sum("outputTokens"),
    answerTokens: result.tokens.output,
    timeMs: { total, model: modelMs, ...work },
    ...recallOf(question, result.answer ?? ""),
    strategies: result.strategies.map(({ strategy }) => strategy).filter((name) => name !== "none"),
  };
}

/** A tool that failed or a context that was not compressed as asked would be measured as if it were the product's doing. */
function checkSound({ status, error, tools, warnings }: NocpResult): void {
  const failed = tools.find((tool) => tool.status === "failed");
  if (failed) throw new NocpError("UNEXPECTED", `the tool ${failed.name} failed: ${failed.error?.message ?? "no reason given"}`);
  if (status === "failed") throw new NocpError("UNEXPECTED", `the request failed: ${error?.code} ${error?.message}`);
  const broken = warnings.find(({ code }) => code === "COMPRESSION_FAILED" || code === "ARCHIVE_UNAVAILABLE");
  if (broken) throw new NocpError("UNEXPECTED", `${broken.code}: ${broken.message}`);
}

/** Judged on the answer that came back at the end of the pipeline, so that a loss anywhere on the way shows. */
export function recallOf({ needs, enough }: Question, answer: string): Pick<ArmMeasurement, "factShare" | "answered"> {
  if (needs.length === 0) return { factShare: undefined, answered: undefined };
  const found = needs.filter(createFactFinder(answer)).length;
  const answered = enough === "any" ? found > 0 : found === needs.length;
  return { factShare: enough === "any" ? Number(answered) : found / needs.length, answered };
}
