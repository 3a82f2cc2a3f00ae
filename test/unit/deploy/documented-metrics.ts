// What queries of dashboards and alerts ask for, against docs/metrics.md, which is made from the code.
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Metric {
  readonly type: string;
  readonly labels: readonly string[];
}

/** Each row names a metric, its type and its labels. */
const metrics = new Map<string, Metric>(
  [
    ...readFileSync(join(import.meta.dirname, "../../../docs/metrics.md"), "utf8").matchAll(
      /^\| `(\w+)` \| (\w+) \| ([^|]*) \|/gm,
    ),
  ].map(([, name, type, labels]) => [
    name ?? "",
    { type: type ?? "", labels: [...(labels ?? "").matchAll(/`(\w+)`/g)].map(([, label]) => label ?? "") },
  ]),
);

/** Of others: Node's own metrics, which every service has, and those of the exporter of NATS. */
const ofOthers = /^(process|nodejs|jetstream)_/;
/** A histogram's bounds, and what Prometheus and every service add to each of their series. */
const commonLabels = ["le", "job", "instance", "service"];
const functions = ["histogram_quantile", "label_values", "last_over_time"];
const ofHistogram = /_(bucket|count|sum)$/;

/** The series that a query reads: words with an underscore that are neither labels nor functions. */
export const seriesOf = (query: string): string[] =>
  (
    query
      .replace(/\{[^}]*\}/g, "")
      .replace(/\b(?:by|without)\s*\([^)]*\)/g, "")
      .match(/\b[a-z]+_\w+/g) ?? []
  ).filter((name) => !functions.includes(name));

/** Series that the code has no metric for, or not as this type. */
export const unknownSeriesOf = (query: string): string[] =>
  seriesOf(query).filter((series) => {
    const type = metrics.get(series)?.type;
    if (ofOthers.test(series) || type === "counter" || type === "gauge") return false;
    return metrics.get(series.replace(ofHistogram, ""))?.type !== "histogram" || !ofHistogram.test(series);
  });

/** What a query groups by. */
export const groupedLabelsOf = (query: string): string[] =>
  [...query.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, list]) => (list ?? "").split(",").map((label) => label.trim()));

/** Labels that a query groups by or selects, and none of its metrics has; with the query. */
export function unknownLabelsOf(query: string): string[] {
  const own = seriesOf(query).filter((series) => !ofOthers.test(series));
  if (own.length === 0) return [];
  const known = new Set([
    ...commonLabels,
    ...own.flatMap((series) => (metrics.get(series) ?? metrics.get(series.replace(ofHistogram, "")))?.labels ?? []),
  ]);
  const selected = [...query.matchAll(/[{,]\s*(\w+)\s*[=!]/g)].map(([, label]) => label ?? "");
  return [...groupedLabelsOf(query), ...selected].filter((label) => !known.has(label)).map((label) => `${label} in ${query}`);
}

/** Counters that a query reads otherwise than as a rate or an increase: a restart would be a fall. */
export const bareCountersOf = (query: string): string[] =>
  seriesOf(query)
    .filter((series) => metrics.get(series)?.type === "counter" || (!metrics.has(series) && ofHistogram.test(series)))
    .filter((series) => !new RegExp(`(?:rate|increase)\\(${series}(?:\\{[^}]*\\})?\\[`).test(query));
