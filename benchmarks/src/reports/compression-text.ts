// The compression report for a terminal and as Markdown.
import { type Criterion, change, groupName, percent, savingOf } from "../measurement/criteria.ts";
import type { GroupReport, ModelCost, Recall } from "../measurement/summarize-group.ts";
import type { CompressionReport } from "./compression-report.ts";

export const tokens = (count: number): string => Math.round(count).toLocaleString("en-US");
export const usd = (amount: number | null): string =>
  amount === null ? "unknown" : `$${amount >= 1 ? amount.toFixed(2) : amount.toPrecision(3)}`;
/** How the money changed: `−66.2 %`; `unknown` without a price. */
export const costChange = (prices: ModelCost["cached"]): string => {
  const share = savingOf(prices);
  return share === undefined ? "unknown" : change(share);
};

const ms = (time: number): string => `${time.toFixed(time < 10 ? 1 : 0)} ms`;

interface Column {
  readonly title: string;
  readonly cell: (group: GroupReport) => string;
}

const nameColumn: Column = { title: "group", cell: groupName };
/** Tokens are means of a case. */
const contentColumns: readonly Column[] = [
  { title: "cases", cell: ({ cases }) => String(cases) },
  { title: "input", cell: ({ input, cases }) => tokens(input.raw / cases) },
  { title: "NOCP", cell: ({ input, cases }) => tokens(input.optimized / cases) },
  { title: "change", cell: ({ input }) => change(input.reduction) },
  { title: "tables", cell: ({ output }) => (output ? change(output.reduction) : "–") },
  { title: "recall", cell: ({ recall }) => (recall ? percent(recall.optimized) : "–") },
  { title: "of raw", cell: ({ recall }) => (recall ? percent(recall.raw) : "–") },
];
const timeColumns: readonly Column[] = [
  { title: "p50 raw", cell: ({ latency }) => ms(latency.rawP50Ms) },
  { title: "p50 NOCP", cell: ({ latency }) => ms(latency.optimizedP50Ms) },
  { title: "ratio", cell: ({ latency }) => latency.ratio.toFixed(2) },
  { title: "own ratio", cell: ({ latencyWithoutModel }) => latencyWithoutModel.ratio.toFixed(2) },
  { title: "assess", cell: ({ assessP50Ms }) => ms(assessP50Ms) },
];

const allColumns: readonly Column[] = [nameColumn, ...contentColumns, ...timeColumns];

const titlesOf = (chosen: readonly Column[]): string[] => chosen.map(({ title }) => title);
const cellsOf = (chosen: readonly Column[], groups: readonly GroupReport[]): string[][] =>
  groups.map((group) => chosen.map(({ cell }) => cell(group)));

/** A kind of question in each size, the sizes in their order; undefined where a size has none of it. */
export interface KindRow {
  readonly workload: string;
  readonly kind: string;
  readonly recalls: readonly (Recall | undefined)[];
}

export const sizesOf = (groups: readonly GroupReport[]): string[] => [...new Set(groups.map(({ size }) => size))];

export function kindRows(groups: readonly GroupReport[]): KindRow[] {
  const shown = sizesOf(groups);
  return [...new Set(groups.map(({ workload }) => workload))].flatMap((workload) => {
    const own = groups.filter((group) => group.workload === workload);
    const kinds = [...new Set(own.flatMap(({ recallByKind }) => recallByKind.map(({ kind }) => kind)))];
    const inSize = (kind: string, size: string) =>
      own.find((group) => group.size === size)?.recallByKind.find((recall) => recall.kind === kind);
    return kinds.map((kind) => ({ workload, kind, recalls: shown.map((size) => inSize(kind, size)) }));
  });
}

/** `50.0 % of 100.0 % (3), facts 75.0 %`: with NOCP, the baseline's where it is another, cases, and facts where they differ. */
export function recallCell(recall: Recall | undefined): string {
  if (recall === undefined) return "–";
  const baseline = recall.optimized === recall.raw ? "" : ` of ${percent(recall.raw)}`;
  const facts = recall.optimizedFacts === recall.optimized ? "" : `, facts ${percent(recall.optimizedFacts)}`;
  return `${percent(recall.optimized)}${baseline} (${recall.cases})${facts}`;
}

const costHeader = ["model", "raw", "NOCP", "change", "raw cached", "NOCP cached", "change"];
const costCells = ({ model, uncached, cached }: ModelCost): string[] => [
  model,
  usd(uncached.raw),
  usd(uncached.optimized),
  costChange(uncached),
  usd(cached.raw),
  usd(cached.optimized),
  costChange(cached),
];

/** `in 2 of 12: conversation small 41.0 %, …`, or the group that is nearest to missing it. */
export function verdictOf({ met, verdicts, worst }: Criterion): string {
  if (met) return `in all ${verdicts.length}, the nearest to missing it: ${worst.group} ${worst.text}`;
  const missed = verdicts.filter((verdict) => !verdict.met);
  return `in ${missed.length} of ${verdicts.length}: ${missed.map(({ group, text }) => `${group} ${text}`).join(", ")}`;
}

const circumstances = ({ at, machine, total, settings }: CompressionReport): string =>
  `${at}, ${total.cases} cases, each with and without NOCP; ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, Node ${machine.node}; prices: ${settings.priceTable}`;

function alignedLines(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join("  ")
      .trimEnd();
  return [header, ...rows].map(line);
}

const groupLines = (chosen: readonly Column[], groups: readonly GroupReport[]): string[] =>
  alignedLines(titlesOf(chosen), cellsOf(chosen, groups));

export function renderText(report: CompressionReport): string {
  return [
    circumstances(report),
    "",
    // Two tables, because one is wider than a terminal.
    ...[contentColumns, timeColumns].flatMap((chosen) => [...groupLines([nameColumn, ...chosen], report.groups), ""]),
    ...alignedLines(costHeader, report.total.costs.map(costCells)),
    "",
    ...report.criteria.map(
      (criterion) => `${criterion.met ? "met   " : "MISSED"}  ${criterion.name}\n        ${verdictOf(criterion)}`,
    ),
    ...(report.failures.length === 0 ? [] : ["", ...report.failures.map(({ id, message }) => `not measured: ${id}: ${message}`)]),
  ].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replace(/\s+/g, " ").replaceAll("<", "&lt;");

/** @param textColumns how many of the first columns hold words instead of figures. */
function table(header: readonly string[], rows: readonly (readonly string[])[], textColumns = 1): string[] {
  const line = (row: readonly string[]) => `| ${row.map(cell).join(" | ")} |`;
  return [line(header), `|${header.map((_, at) => (at < textColumns ? "---" : "--:")).join("|")}|`, ...rows.map(line)];
}

export function renderMarkdown(report: CompressionReport): string {
  return [
    "# Compression: the baseline against NOCP",
    "",
    `${cell(circumstances(report))}.`,
    "",
    "Tokens are means of a case; “ratio” is the p50 with NOCP over that without, “own ratio” the same without the model's time.",
    "",
    ...table(titlesOf(allColumns), cellsOf(allColumns, report.groups)),
    "",
    "## Criteria",
    "",
    ...table(
      ["criterion", "", "groups"],
      report.criteria.map((criterion) => [criterion.name, criterion.met ? "met" : "**MISSED**", verdictOf(criterion)]),
      3,
    ),
    "",
    "## Cost of all cases",
    "",
    ...table(costHeader, report.total.costs.map(costCells)),
    "",
    "## Recall by kind of question",
    "",
    "Of the cases in brackets, the share whose answer holds all it needs.",
    "",
    ...table(
      ["workload", "question", ...sizesOf(report.groups)],
      kindRows(report.groups).map(({ workload, kind, recalls }) => [workload, kind, ...recalls.map(recallCell)]),
      2,
    ),
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
