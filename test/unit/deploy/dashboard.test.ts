// Grafana's dashboard against the metrics that the code has.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "deploy/grafana/dashboards");
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: { readonly query: string } }[] };
  readonly panels: readonly Panel[];
}

interface Metric {
  readonly type: string;
  readonly labels: readonly string[];
}

const dashboards = names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Dashboard);
const panels = dashboards.flatMap((dashboard) => dashboard.panels).filter(({ type }) => type !== "row");
const queries = [
  ...panels.flatMap((panel) => panel.targets ?? []).map(({ expr }) => expr),
  ...dashboards.flatMap(({ templating }) => templating.list.map(({ query }) => query.query)),
];

/** docs/metrics.md is made from the code: each row names a metric, its type and its labels. */
const metrics = new Map<string, Metric>(
  [...readFileSync(join(root, "docs/metrics.md"), "utf8").matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(
    ([, name, type, labels]) => [
      name ?? "",
      { type: type ?? "", labels: [...(labels ?? "").matchAll(/`(\w+)`/g)].map(([, label]) => label ?? "") },
    ],
  ),
);

/** Of others: Node's own metrics, which every service has, and those of the exporter of NATS. */
const ofOthers = /^(process|nodejs|jetstream)_/;

/** What a query is about: words with an underscore that are neither labels nor functions. */
const seriesOf = (query: string): string[] =>
  (
    query
      .replace(/\{[^}]*\}/g, "")
      .replace(/\b(?:by|without)\s*\([^)]*\)/g, "")
      .match(/\b[a-z]+_\w+/g) ?? []
  ).filter((name) => !["histogram_quantile", "label_values"].includes(name));

test("every query is about metrics that the code has, as the type they have", () => {
  const wrong = queries.flatMap(seriesOf).filter((series) => {
    if (ofOthers.test(series) || metrics.get(series)?.type === "counter" || metrics.get(series)?.type === "gauge") return false;
    return metrics.get(series.replace(/_bucket$/, ""))?.type !== "histogram" || !series.endsWith("_bucket");
  });
  expect(queries.flatMap(seriesOf).length).toBeGreaterThan(40);
  expect(wrong).toEqual([]);
});

test("every label that a query groups by or selects is one of the metric's", () => {
  const wrong = queries.flatMap((query) => {
    const own = seriesOf(query).filter((series) => !ofOthers.test(series));
    if (own.length === 0) return [];
    const known = new Set(own.flatMap((series) => metrics.get(series.replace(/_bucket$/, ""))?.labels ?? []));
    const grouped = [...query.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, list]) => (list ?? "").split(/,\s*/));
    const selected = [...query.matchAll(/[{,](\w+)=/g)].map(([, label]) => label ?? "");
    return [...grouped, ...selected]
      .filter((label) => label !== "le" && !known.has(label))
      .map((label) => `${label} in ${query}`);
  });
  expect(wrong).toEqual([]);
});

test("counters are shown as rates or increases, and quantiles are taken of rates of buckets", () => {
  const wrong = queries.filter((query) => {
    const counters = seriesOf(query).filter((series) => metrics.get(series)?.type === "counter" || series.endsWith("_bucket"));
    const bare = counters.filter((series) => !new RegExp(`(?:rate|increase)\\(${series}(?:\\{[^}]*\\})?\\[`).test(query));
    return bare.length > 0 && !query.startsWith("label_values(");
  });
  expect(wrong).toEqual([]);
});

test("the dashboard shows every metric of requests, tokens, money and providers", () => {
  const shown = new Set(queries.flatMap(seriesOf).map((series) => series.replace(/_bucket$/, "")));
  for (const name of [
    "nocp_requests_total",
    "nocp_request_duration_seconds",
    "nocp_stage_queue_wait_seconds",
    "nocp_tokens_total",
    "nocp_cost_usd_total",
    "nocp_baseline_cost_usd_total",
    "nocp_provider_attempts_total",
    "nocp_dead_letters_total",
  ]) {
    expect(shown, name).toContain(name);
  }
});

test("panels have their own number, a name for every line, and do not overlap", () => {
  for (const dashboard of dashboards) {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  }
  const unnamed = panels.filter(
    ({ type, targets }) => type === "timeseries" && targets?.some(({ legendFormat }) => legendFormat === ""),
  );
  expect(unnamed.map(({ title }) => title)).toEqual([]);
  expect(new Set(panels.map(({ datasource }) => datasource?.uid))).toEqual(new Set(["prometheus"]));
});
