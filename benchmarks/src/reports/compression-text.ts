// The compression report for a terminal and as Markdown.
import { type Criterion, groupName, percent, savingOf } from "../measurement/criteria.ts";
import type { GroupReport, ModelCost } from "../measurement/summarize-group.ts";
import type { CompressionReport } from "./compression-report.ts";

export const tokens = (count: number): string => Math.round(count).toLocaleString("en-US");
export const usd = (amount: number | null): string =>
  amount === null ? "unknown" : `$${amount >= 1 ? amount.toFixed(2) : amount.toPrecision(3)}`;
export const saving = (prices: ModelCost["cached"]): string => {
  const share = savingOf(prices);
  return share === undefined ? "unknown" : percent(share);
};

const ms = (time: number): string => `${time.toFixed(time < 10 ? 1 : 0)} ms`;

const groupHeader = [
  "group",
  "cases",
  "input raw",
  "input NOCP",
  "less",
  "tables less",
  "recall",
  "p50 raw",
  "p50 NOCP",
  "ratio",
  "own ratio",
  "assess",
];

/** Cells as in the header; tokens are means of a case. */
const groupCells = (group: GroupReport): string[] => [
  groupName(group),
  String(group.cases),
  tokens(group.input.raw / group.cases),
  tokens(group.input.optimized / group.cases),
  percent(group.input.reduction),
  group.output ? percent(group.output.reduction) : "–",
  group.recall ? `${percent(group.recall.optimized)} of ${percent(group.recall.raw)}` : "–",
  ms(group.latency.rawP50Ms),
  ms(group.latency.optimizedP50Ms),
  group.latency.ratio.toFixed(2),
  group.latencyWithoutModel.ratio.toFixed(2),
  ms(group.assessP50Ms),
];

const kindHeader = ["question", "group", "cases", "recall raw", "recall NOCP", "facts NOCP"];
const kindRows = (groups: readonly GroupReport[]): string[][] =>
  groups.flatMap((group) =>
    group.recallByKind.map(({ kind, cases, raw, optimized, optimizedFacts }) => [
      kind,
      groupName(group),
      String(cases),
      percent(raw),
      percent(optimized),
      percent(optimizedFacts),
    ]),
  );

const costHeader = ["model", "raw", "NOCP", "less", "raw cached", "NOCP cached", "less"];
const costCells = ({ model, uncached, cached }: ModelCost): string[] => [
  model,
  usd(uncached.raw),
  usd(uncached.optimized),
  saving(uncached),
  usd(cached.raw),
  usd(cached.optimized),
  saving(cached),
];

/** `MISSED in 2 of 12: conversation small 41.0 %, …`, or the worst value where it is met. */
export function verdictOf({ met, verdicts }: Criterion): string {
  if (met) return `met in all ${verdicts.length}: ${verdicts.map(({ group, text }) => `${group} ${text}`).join(", ")}`;
  const missed = verdicts.filter((verdict) => !verdict.met);
  return `MISSED in ${missed.length} of ${verdicts.length}: ${missed.map(({ group, text }) => `${group} ${text}`).join(", ")}`;
}

const circumstances = ({ at, machine, total, settings }: CompressionReport): string =>
  `${at}, ${total.cases} cases, each with and without NOCP; ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, Node ${machine.node}; prices: ${settings.priceTable}`;

function columns(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join("  ")
      .trimEnd();
  return [header, ...rows].map(line);
}

export function renderText(report: CompressionReport): string {
  return [
    circumstances(report),
    "",
    ...columns(groupHeader, report.groups.map(groupCells)),
    "",
    ...columns(costHeader, report.total.costs.map(costCells)),
    "",
    ...report.criteria.map(
      (criterion) => `${criterion.met ? "met   " : "MISSED"}  ${criterion.name}\n        ${verdictOf(criterion)}`,
    ),
    ...(report.failures.length === 0 ? [] : ["", ...report.failures.map(({ id, message }) => `not measured: ${id}: ${message}`)]),
  ].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s+/g, " ").replaceAll("<", "&lt;");

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (row: readonly string[]) => `| ${row.map(cell).join(" | ")} |`;
  return [line(header), `|${header.map((_, at) => (at === 0 ? "---" : "--:")).join("|")}|`, ...rows.map(line)];
}

export function renderMarkdown(report: CompressionReport): string {
  return [
    "# Compression: the baseline against NOCP",
    "",
    `${cell(circumstances(report))}.`,
    "",
    "Tokens are means of a case; “ratio” is the p50 with NOCP over that without, “own ratio” the same without the model's time.",
    "",
    ...table(groupHeader, report.groups.map(groupCells)),
    "",
    "## Criteria",
    "",
    ...table(
      ["criterion", "", "groups"],
      report.criteria.map((criterion) => [criterion.name, criterion.met ? "met" : "**MISSED**", verdictOf(criterion)]),
    ),
    "",
    "## Cost of all cases",
    "",
    ...table(costHeader, report.total.costs.map(costCells)),
    "",
    "## Recall by kind of question",
    "",
    ...table(kindHeader, kindRows(report.groups)),
    "",
    "## How it was measured",
    "",
    ...report.howMeasured.map((line) => `- ${cell(line)}`),
    "",
    "## To be read with it",
    "",
    ...report.notes.map((line) => `- ${cell(line)}`),
    ...(report.failures.length === 0
      ? []
      : ["", "## Not measured", "", ...report.failures.map(({ id, message }) => `- ${cell(id)}: ${cell(message)}`)]),
    "",
  ].join("\n");
}
