// The report of ./nocp benchmark gateway.
import type { LoadOutcome } from "../load/run-load.ts";

interface Outcome {
  readonly loaded: LoadOutcome;
  /** One call after the other. */
  readonly alone: LoadOutcome;
  /** The same to the first piece of a streamed answer. */
  readonly begun?: LoadOutcome;
}

export interface GatewayReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly memoryGiB: number; readonly node: string };
  readonly settings: Readonly<Record<"requests" | "rounds" | "warmUp" | "concurrency" | "upstreamDelayMs", number>> & {
    readonly streams: boolean;
    readonly path: string;
  };
  readonly outcomes: Readonly<Record<"direct" | "queue" | "gateway", Outcome>>;
  /** Of each service for a call of the gateway, in milliseconds. */
  readonly processorMs: Readonly<Record<string, number>>;
  /** Of the gateway, after each round. */
  readonly residentMiB: readonly number[];
}

const labels = {
  direct: "model server, directly",
  queue: "the client's ask()",
  gateway: "gateway",
} as const;

export function renderGatewayText({ machine, settings, outcomes, processorMs, residentMiB }: GatewayReport): string {
  const { concurrency, upstreamDelayMs, streams, path } = settings;
  const { gateway, queue, direct } = outcomes;
  const ratio = (gateway.loaded.requestsPerSecond / queue.loaded.requestsPerSecond).toFixed(2);
  const added = (part: "alone" | "begun", to: Outcome): string =>
    ((gateway[part]?.latencyMs.p50 ?? 0) - (to[part]?.latencyMs.p50 ?? 0)).toFixed(2);
  const begun = gateway.begun
    ? [`The first piece of a stream comes ${added("begun", direct)} ms later than from the model's server.`]
    : [];
  return [
    `${machine.cores} cores, ${machine.node}, ${streams ? "streamed" : "whole"} answers, upstream ${upstreamDelayMs} ms, path ${path}`,
    "",
    `${"".padEnd(24)}${`per second at ${concurrency}`.padStart(18)}${"p50 ms".padStart(10)}${"p99 ms".padStart(10)}${"p50 ms alone".padStart(14)}`,
    ...(["direct", "queue", "gateway"] as const).map((name) => lineOf(labels[name], outcomes[name])),
    "",
    `The gateway answers ${ratio} times as many calls as ask() under load, and adds ${added("alone", queue)} ms to one that is alone.`,
    `To a call that is alone, the gateway adds ${added("alone", direct)} ms to the model server's own time (p50).`,
    ...begun,
    `Processor time for a call of the gateway: ${Object.entries(processorMs)
      .map(([service, milliseconds]) => `${service} ${milliseconds.toFixed(2)} ms`)
      .join(", ")}`,
    `Memory of the gateway after each round: ${residentMiB.map((mebibytes) => mebibytes.toFixed(0)).join(", ")} MiB`,
  ].join("\n");
}

function lineOf(label: string, { loaded, alone }: Outcome): string {
  const { requestsPerSecond, latencyMs, errors } = loaded;
  const failed = Object.entries({ ...errors }).map(([code, count]) => `  ${count} × ${code}`);
  return [
    label.padEnd(24),
    requestsPerSecond.toFixed(0).padStart(18),
    latencyMs.p50.toFixed(1).padStart(10),
    latencyMs.p99.toFixed(1).padStart(10),
    alone.latencyMs.p50.toFixed(1).padStart(14),
    ...failed,
  ].join("");
}
