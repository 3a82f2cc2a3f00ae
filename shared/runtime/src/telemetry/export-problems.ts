// Telemetry that does not arrive: said once for each reason, counted always, and never anybody else's problem.
import type { Logger } from "pino";
import { Counter, type Registry } from "prom-client";

/** More reasons than this are only counted. */
const reasonsReported = 20;

/** Counts what it is told; registered also where nothing is exported, so that a dashboard finds it. */
export function createProblemCounter(registry: Registry): Counter {
  return new Counter({
    name: "nocp_telemetry_problems_total",
    help: "Batches of spans, metrics or log records that were not exported, and OpenTelemetry settings that were not understood.",
    registers: [registry],
  });
}

/** @returns what to call with a reason; it throws never. */
export function createProblemReport(logger: Logger, counter: Counter): (reason: string) => void {
  const reported = new Set<string>();
  return (reason) => {
    counter.inc();
    if (reported.has(reason) || reported.size >= reasonsReported) return;
    reported.add(reason);
    logger.warn({ reason }, "OpenTelemetry reports a problem; the same again is only counted, in nocp_telemetry_problems_total");
  };
}
