// The report of ./nocp benchmark routing.
import type { PipelineOutcome, TurnsPlan } from "../load/pipelines-in-turns.ts";
import { outcomeLines, processorTimeLines } from "./outcome-table.ts";

export interface RoutingReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly node: string };
  readonly settings: TurnsPlan & { readonly upstreamDelayMs: number; readonly features: readonly string[] };
  readonly outcomes: Readonly<Record<keyof typeof labels, PipelineOutcome>>;
}

const labels = { without: "without", with: "with them" } as const;
/** Share of the throughput that may not be lost. */
const wantedShare = 0.9;

export const throughputShare = ({ outcomes }: Pick<RoutingReport, "outcomes">): number =>
  outcomes.with.loaded.requestsPerSecond / outcomes.without.loaded.requestsPerSecond;

export function renderRoutingText(report: RoutingReport): string {
  const { machine, settings, outcomes } = report;
  const share = throughputShare(report);
  const addedMs = outcomes.with.alone.latencyMs.p50 - outcomes.without.alone.latencyMs.p50;
  return [
    `${machine.cores} cores, ${machine.node}, upstream over HTTP after ${settings.upstreamDelayMs} ms, every span exported; ${settings.features.join(", ")}`,
    "",
    ...outcomeLines(labels, outcomes, settings.concurrency),
    "",
    `With them, ${share.toFixed(2)} times as many requests per second (wanted ${wantedShare}: ${share >= wantedShare ? "met" : "MISSED"}); a request alone takes ${addedMs.toFixed(2)} ms longer (p50).`,
    ...processorTimeLines(labels, outcomes),
  ].join("\n");
}
