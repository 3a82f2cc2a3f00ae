// The report on a terminal: three lines a transaction, and the totals below.
import type { Report } from "@nocp/observability/report.ts";
import type { TransactionSummary, TransactionTotals } from "@nocp/observability/transaction-queries.ts";
import { hangingLines } from "../terminal/render-fields.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { widestOf } from "../terminal/wrap-text.ts";
import { formatMs, formatTokens, formatUsd, latencyText, usdChange } from "./render-result.ts";

const columnGap = "  ";
const indent = "  ";
const titles = ["time (UTC)", "status", "request", "model"];

/** Lines of at least one transaction and its totals, no wider than the terminal; `?` is a cost that nobody knows. */
export function renderReport(report: Report, { width, colors }: Pick<Terminal, "width" | "colors">): string[] {
  const heads = report.transactions.map(headCells);
  const widths = titles.map((title, column) => widestOf([titles, ...heads].map((cells) => cells[column] ?? title)));
  const row = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(columnGap)
      .trimEnd();
  const paint = { succeeded: colors.green, degraded: colors.yellow, failed: colors.red };
  const fitted = (text: string) =>
    hangingLines("", 0, text, width).map((line, index) => (index === 0 ? line : `${indent}${line}`));
  const lines = report.transactions.flatMap((transaction, index) => [
    ...fitted(row(heads[index] ?? [])).map((line) =>
      line.replace(transaction.status, paint[transaction.status](transaction.status)),
    ),
    ...hangingLines(indent, indent.length, billLine(transaction), width),
    ...hangingLines(indent, indent.length, latencyText(transaction), width),
  ]);
  const totals = totalLines(report).flatMap((line) => hangingLines("", 0, line, width));
  return [colors.bold(row(titles)), ...lines, "", ...totals];
}

/** A failed request shows its error where the model would stand. */
const headCells = ({ completedAt, status, requestId, errorCode, model }: TransactionSummary): string[] => [
  new Date(completedAt).toISOString().slice(0, 16).replace("T", " "),
  status,
  requestId,
  model ?? errorCode ?? "-",
];

function billLine({ inputTokensRaw, inputTokensOptimized, costUsd, baselineUsd }: TransactionSummary): string {
  return `tokens in ${formatTokens(inputTokensRaw, inputTokensOptimized)}, cost ${usdChange(costUsd, baselineUsd) ?? "?"}`;
}

function totalLines({ totals, latency, models }: Report): string[] {
  const { count, succeeded, degraded, failed } = totals;
  const percentile = (ms: number | null): string => (ms === null ? "?" : formatMs(ms));
  return [
    `${count} request(s): ${succeeded} succeeded, ${degraded} degraded, ${failed} failed; ${totals.attempts} provider call(s), ${totals.cacheHits} from a cache`,
    `input tokens ${formatTokens(totals.inputTokensRaw, totals.inputTokensOptimized)}, ` +
      `output tokens ${formatTokens(totals.outputTokensRaw, totals.outputTokensOptimized)}`,
    costLine(totals),
    `at the reference model ${formatUsd(totals.referenceUsd)} instead of ${formatUsd(totals.referenceBaselineUsd)} (${totals.comparedReferenceCount} request(s))`,
    `latency p50 ${percentile(latency.p50Ms)}, p95 ${percentile(latency.p95Ms)}, p99 ${percentile(latency.p99Ms)}`,
    ...models.map(
      (entry) =>
        `${indent}${entry.provider ?? "none"}/${entry.model ?? "none"}: ${entry.count} request(s), ${formatUsd(entry.costUsd)}` +
        (entry.unknownCostCount > 0 ? `, ${entry.unknownCostCount} of unknown cost` : ""),
    ),
  ];
}

function costLine(totals: TransactionTotals): string {
  const { costUsd, unknownCostCount, count, comparedCount, comparedCostUsd, comparedBaselineUsd } = totals;
  const unknown = unknownCostCount > 0 ? `; unknown for ${unknownCostCount} of ${count}, which no sum includes` : "";
  const comparison =
    comparedCount > 0
      ? `; where both are known (${comparedCount}), ${formatUsd(comparedCostUsd)} instead of ${formatUsd(comparedBaselineUsd)}`
      : "";
  return `cost ${formatUsd(costUsd)}${comparison}${unknown}`;
}
