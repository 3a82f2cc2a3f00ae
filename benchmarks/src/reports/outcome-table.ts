// A line for each of the pipelines that were measured in turns.
import type { PipelineOutcome } from "../load/pipelines-in-turns.ts";

/** @param labels of the outcomes, in the order of the lines. */
export function outcomeLines<Name extends string>(
  labels: Readonly<Record<Name, string>>,
  outcomes: Readonly<Record<Name, PipelineOutcome>>,
  concurrency: number,
): string[] {
  const names = Object.keys(labels) as Name[];
  return [
    `${"".padEnd(26)}${`per second at ${concurrency}`.padStart(18)}${"p50 ms".padStart(10)}${"p99 ms".padStart(10)}${"p50 ms alone".padStart(14)}`,
    ...names.map((name) => lineOf(labels[name], outcomes[name])),
  ];
}

export const processorTimeLines = <Name extends string>(
  labels: Readonly<Record<Name, string>>,
  outcomes: Readonly<Record<Name, PipelineOutcome>>,
): string[] =>
  (Object.keys(labels) as Name[]).map((name) => `Processor time a request, ${labels[name]}: ${timesOf(outcomes[name])}`);

function lineOf(label: string, { loaded, alone }: PipelineOutcome): string {
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

const timesOf = ({ processorMs }: PipelineOutcome): string =>
  Object.entries(processorMs)
    .map(([service, milliseconds]) => `${service} ${milliseconds.toFixed(2)} ms`)
    .join(", ");
