// The report of ./nocp benchmark routing.
import type { PipelineOutcome, TurnsPlan } from "../load/pipelines-in-turns.ts";
import { outcomeLines, processorTimeLines } from "./outcome-table.ts";

export interface RoutingReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly node: string };
  readonly settings: TurnsPlan & { readonly upstreamDelayMs: number; readonly features: readonly string[] };
  readonly outcomes: Readonly<Record<keyof typeof labels, PipelineOutcome>>;
}

const labels = { without: "without", with: "with them", quotas: "quotas configured" } as const;
/** Share of the throughput that may not be lost. */
const wantedShare = 0.9;

const shareText = ({ outcomes }: RoutingReport, name: "with" | "quotas"): string => {
  const share = outcomes[name].loaded.requestsPerSecond / outcomes.without.loaded.requestsPerSecond;
  return `${share.toFixed(2)} times as many requests per second (wanted ${wantedShare}: ${share >= wantedShare ? "met" : "MISSED"})`;
};

export function renderRoutingText(report: RoutingReport): string {
  const { machine, settings, outcomes } = report;
  const addedMs = (name: "with" | "quotas"): string =>
    (outcomes[name].alone.latencyMs.p50 - outcomes.without.alone.latencyMs.p50).toFixed(2);
  return [
    `${machine.cores} cores, ${machine.node}, upstream over HTTP after ${settings.upstreamDelayMs} ms, every span exported; ${settings.features.join(", ")}`,
    "",
    ...outcomeLines(labels, outcomes, settings.concurrency),
    "",
    `With them, ${shareText(report, "with")}; a request alone takes ${addedMs("with")} ms longer (p50).`,
    `With quotas alone that are far from used up, ${shareText(report, "quotas")}; a request alone takes ${addedMs("quotas")} ms longer.`,
    ...processorTimeLines(labels, outcomes),
  ].join("\n");
}
