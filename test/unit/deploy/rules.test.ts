// The alert rules against the metrics that the code has, the runbook, and their own tests.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { bareCountersOf, groupedLabelsOf, seriesOf, unknownLabelsOf, unknownSeriesOf } from "./documented-metrics.ts";

const root = join(import.meta.dirname, "../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const rules = (parse(read("deploy/prometheus/rules.yml")) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const names = rules.map(({ alert }) => alert);

test("every rule is about metrics and labels that the code has", () => {
  const queries = rules.map(({ expr }) => expr);
  expect(queries.flatMap(seriesOf).length).toBeGreaterThan(rules.length);
  expect(queries.flatMap(unknownSeriesOf)).toEqual([]);
  expect(queries.flatMap(unknownLabelsOf)).toEqual([]);
  expect(queries.flatMap(bareCountersOf)).toEqual([]);
});

test("what a text says of an alert is what its query leaves", () => {
  for (const { alert, expr, annotations } of rules) {
    const said = [
      ...Object.values(annotations)
        .join(" ")
        .matchAll(/\$labels\.(\w+)/g),
    ].map(([, label]) => label ?? "");
    const grouped = groupedLabelsOf(expr);
    const left = grouped.length > 0 ? grouped : /^(sum|absent)\b/.test(expr) ? [] : ["instance", "job", "service"];
    expect(left, alert).toEqual(expect.arrayContaining(said));
  }
});

test("every alert has a severity, an entry in the runbook, and nothing else has one", () => {
  const entries = [...read("docs/operations.md").matchAll(/^### (Nocp\w+)$/gm)].map(([, name]) => name);
  expect(entries).toEqual(names);
  for (const { alert, labels } of rules) expect(["critical", "warning", "info"], alert).toContain(labels.severity);
});

test("every alert is tested to fire, and to stay quiet", () => {
  const { tests } = parse(read("deploy/prometheus/rules.test.yml")) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
  };
  const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test);
  const having = (isFiring: boolean) =>
    cases.filter(({ exp_alerts }) => exp_alerts.length > 0 === isFiring).map(({ alertname }) => alertname);
  expect(new Set(having(true))).toEqual(new Set(names));
  expect(new Set(having(false))).toEqual(new Set(names));
});
