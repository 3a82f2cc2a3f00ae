// The report of ./nocp benchmark chain.
import type { LoadOutcome } from "../load/run-load.ts";

interface Outcome {
  readonly loaded: LoadOutcome;
  /** One request after the other. */
  readonly alone: LoadOutcome;
  /** Of each process for a request under load, in milliseconds. */
  readonly processorMs: Readonly<Record<string, number>>;
}

export interface ChainReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly node: string };
  readonly settings: Readonly<Record<"requests" | "rounds" | "warmUp" | "concurrency" | "upstreamDelayMs", number>> & {
    readonly sync: boolean;
  };
  readonly outcomes: Readonly<Record<"processes" | "chain", Outcome>>;
}

const labels = { processes: "a process for each stage", chain: "all stages in one" } as const;

export function renderChainText({ machine, settings, outcomes }: ChainReport): string {
  const { concurrency, upstreamDelayMs, sync } = settings;
  const ratio = outcomes.chain.loaded.requestsPerSecond / outcomes.processes.loaded.requestsPerSecond;
  return [
    `${machine.cores} cores, ${machine.node}, upstream over HTTP after ${upstreamDelayMs} ms, writes ${sync ? "synced" : "not synced"}`,
    "",
    `${"".padEnd(26)}${`per second at ${concurrency}`.padStart(18)}${"p50 ms".padStart(10)}${"p99 ms".padStart(10)}${"p50 ms alone".padStart(14)}`,
    ...(["processes", "chain"] as const).map((name) => lineOf(labels[name], outcomes[name])),
    "",
    `The chain answers ${ratio.toFixed(2)} times as many requests per second.`,
    ...(["processes", "chain"] as const).map((name) => `Processor time a request, ${labels[name]}: ${timesOf(outcomes[name])}`),
  ].join("\n");
}

function lineOf(label: string, { loaded, alone }: Outcome): string {
  const failed = Object.entries(loaded.errors).map(([code, count]) => `  ${count} × ${code}`);
  return [
    label.padEnd(26),
    loaded.requestsPerSecond.toFixed(0).padStart(18),
    loaded.latencyMs.p50.toFixed(1).padStart(10),
    loaded.latencyMs.p99.toFixed(1).padStart(10),
    alone.latencyMs.p50.toFixed(1).padStart(14),
    ...failed,
  ].join("");
}

const timesOf = ({ processorMs }: Outcome): string =>
  Object.entries(processorMs)
    .map(([service, milliseconds]) => `${service} ${milliseconds.toFixed(2)} ms`)
    .join(", ");
