// Grafana's dashboard against the metrics that the code has.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bareCountersOf, seriesOf, unknownLabelsOf, unknownSeriesOf } from "./documented-metrics.ts";

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

const dashboards = names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Dashboard);
const panels = dashboards.flatMap((dashboard) => dashboard.panels).filter(({ type }) => type !== "row");
const queries = [
  ...panels.flatMap((panel) => panel.targets ?? []).map(({ expr }) => expr),
  ...dashboards.flatMap(({ templating }) => templating.list.map(({ query }) => query.query)),
];

test("every query is about metrics that the code has, as the type they have", () => {
  expect(queries.flatMap(seriesOf).length).toBeGreaterThan(40);
  expect(queries.flatMap(unknownSeriesOf)).toEqual([]);
});

test("every label that a query groups by or selects is one of the metric's", () => {
  expect(queries.flatMap(unknownLabelsOf)).toEqual([]);
});

test("counters are shown as rates or increases, and quantiles are taken of rates of buckets", () => {
  expect(queries.filter((query) => !query.startsWith("label_values(")).flatMap(bareCountersOf)).toEqual([]);
});

test("no gap is shown as a zero: every series is there before its first event", () => {
  expect(queries.filter((query) => /\bor\s+vector\(/.test(query))).toEqual([]);
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
