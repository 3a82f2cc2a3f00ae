// The report of ./nocp benchmark chain.
import type { PipelineOutcome, TurnsPlan } from "../load/pipelines-in-turns.ts";
import { outcomeLines, processorTimeLines } from "./outcome-table.ts";

export interface ChainReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly node: string };
  readonly settings: TurnsPlan & { readonly upstreamDelayMs: number; readonly sync: boolean };
  readonly outcomes: Readonly<Record<keyof typeof labels, PipelineOutcome>>;
}

const labels = { processes: "a process for each stage", chain: "all stages in one" } as const;

export function renderChainText({ machine, settings, outcomes }: ChainReport): string {
  const { concurrency, upstreamDelayMs, sync } = settings;
  const ratio = outcomes.chain.loaded.requestsPerSecond / outcomes.processes.loaded.requestsPerSecond;
  return [
    `${machine.cores} cores, ${machine.node}, upstream over HTTP after ${upstreamDelayMs} ms, writes ${sync ? "synced" : "not synced"}`,
    "",
    ...outcomeLines(labels, outcomes, concurrency),
    "",
    `The chain answers ${ratio.toFixed(2)} times as many requests per second.`,
    ...processorTimeLines(labels, outcomes),
  ].join("\n");
}
