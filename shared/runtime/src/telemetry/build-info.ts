// Which version runs: in metrics, and as the service's version in traces.
import { Gauge, type Registry } from "prom-client";

export const serviceVersion = "0.1.0";

/** A series of the value 1 whose labels say what runs; there as long as the process is. */
export function defineBuildInfo(registry: Registry): void {
  const info = new Gauge({
    name: "nocp_build_info",
    help: "Always 1; its labels are the versions of NOCP and of Node.",
    labelNames: ["version", "node"],
    registers: [registry],
  });
  info.set({ version: serviceVersion, node: process.versions.node }, 1);
}
