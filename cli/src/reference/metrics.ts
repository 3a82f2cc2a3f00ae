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

Every service serves \`GET /metrics\` in the Prometheus format, including the \`process_*\` and \`nodejs_*\` metrics of Node. The
number of values of a label is limited; all others are counted as \`other\`. Requests with an unknown price are not part of any
sum of dollars; \`nocp_unknown_price_total\` counts them. A message that is delivered twice is counted once. A request that is
redriven is counted each time it finishes, while the transactions and \`./nocp report\` count it once. Generated from the code by
\`./nocp docs\`.
${groups
  .map(
    ({ heading, registry }) =>
      `\n## ${heading}\n\n${markdownTable(["metric", "type", "labels", "description"], metricRows(registry))}\n`,
  )
  .join("")}`,
});
