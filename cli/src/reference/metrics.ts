// docs/metrics.md: every metric that a service registers.
import type { Registry } from "prom-client";
import { markdownTable } from "./markdown-table.ts";
import type { ReferenceDocument } from "./reference-document.ts";

export interface MetricGroup {
  readonly heading: string;
  /** Holds the group's metrics, without values. */
  readonly registry: Registry;
}

/** A row a metric: name, type, labels, help. */
export const metricRows = (registry: Registry): string[][] =>
  registry.getMetricsAsArray().map((metric) => {
    const { name, help, type, labelNames } = metric as unknown as {
      name: string;
      help: string;
      type: string;
      labelNames?: readonly string[];
    };
    return [`\`${name}\``, type, (labelNames ?? []).map((label) => `\`${label}\``).join(", "), help];
  });

export const metricDocument = (groups: readonly MetricGroup[]): ReferenceDocument => ({
  fileName: "metrics.md",
  text: `# Metrics

Every service answers \`GET /metrics\` in the Prometheus format, with Node's own \`process_*\` and \`nodejs_*\` beside these. A label takes a bounded number of values; what is beyond it is
counted as \`other\`. Money whose price is unknown is in no sum: \`nocp_unknown_price_total\` counts those requests. Counters count
once what is delivered twice; a request that is redriven counts each time it finishes, while the transactions and
\`./nocp report\` count it once. Made from the code by \`./nocp docs\`.
${groups
  .map(
    ({ heading, registry }) =>
      `\n## ${heading}\n\n${markdownTable(["metric", "type", "labels", "what it says"], metricRows(registry))}\n`,
  )
  .join("")}`,
});
