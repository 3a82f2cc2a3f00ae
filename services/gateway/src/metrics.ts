// The gateway's own metrics; what calls cost and how long models took is observability's.
import { createMetricDefiner } from "@nocp/runtime/telemetry/define-metrics.ts";
import { Gauge, type Registry } from "prom-client";

export interface GatewayMetrics {
  finished(api: string, status: number, seconds: number): void;
  firstByte(api: string, seconds: number): void;
}

/** Seconds; from a cached answer to a long one of a reasoning model. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** @param active counted when it is asked for. */
export function createGatewayMetrics(registry: Registry, active: () => number): GatewayMetrics {
  const define = createMetricDefiner(registry);
  const calls = define.counter(
    "nocp_gateway_calls_total",
    "Calls of the HTTP API; status 499 stands for clients that hung up. Unit: calls.",
    ["api", "status"],
  );
  const duration = define.histogram(
    "nocp_gateway_duration_seconds",
    "From a call's arrival to the end of its answer. Unit: seconds.",
    buckets,
    ["api"],
  );
  const beginning = define.histogram(
    "nocp_gateway_first_byte_seconds",
    "From a call's arrival to the first piece of a streamed answer. Unit: seconds.",
    buckets,
    ["api"],
  );
  new Gauge({
    name: "nocp_gateway_active_calls",
    help: "Calls that are being answered. Unit: calls.",
    registers: [registry],
    collect() {
      this.set(active());
    },
  });
  return {
    finished(api, status, seconds) {
      calls.inc({ api, status });
      duration.observe({ api }, seconds);
    },
    firstByte: (api, seconds) => beginning.observe({ api }, seconds),
  };
}
