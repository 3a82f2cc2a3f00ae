// The report on a terminal: three lines per transaction, and the totals below.

import type { TransactionSummary, TransactionTotals } from "@nocp/contracts/transaction-report.ts";
import type { Report } from "@nocp/observability/report.ts";
import { countOf } from "../terminal/count-of.ts";
import { hangingLines } from "../terminal/render-fields.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { widestOf } from "../terminal/wrap-text.ts";
import { formatMs, formatTokens, formatUsd, latencyText, usdChange } from "./render-result.ts";

const columnGap = "  ";
const indent = "  ";
const titles = ["time (UTC)", "status", "request", "model"];

/** Lines of at least one transaction and its totals, no wider than the terminal. */
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

/** A failed request shows its error instead of the model. */
const headCells = ({ completedAt, status, requestId, errorCode, model }: TransactionSummary): string[] => [
  new Date(completedAt).toISOString().slice(0, 16).replace("T", " "),
  status,
  requestId,
  model ?? errorCode ?? "-",
];

function billLine({ inputTokensRaw, inputTokensOptimized, costUsd: usd, knownUsd, baselineUsd }: TransactionSummary): string {
  return `tokens in ${formatTokens(inputTokensRaw, inputTokensOptimized)}, cost ${usdChange({ usd, knownUsd, baselineUsd })}`;
}

function totalLines({ totals, latency, models, groups }: Report): string[] {
  const { count, succeeded, degraded, failed, attempts, cacheHits } = totals;
  const percentile = (ms: number | null): string => (ms === null ? "?" : formatMs(ms));
  return [
    `${countOf(count, "request")}: ${succeeded} succeeded, ${degraded} degraded, ${failed} failed; ${countOf(attempts, "provider call")}, ${cacheHits} from a cache`,
    `input tokens ${formatTokens(totals.inputTokensRaw, totals.inputTokensOptimized)}, ` +
      `output tokens ${formatTokens(totals.outputTokensRaw, totals.outputTokensOptimized)}`,
    ...costLines(totals),
    `latency p50 ${percentile(latency.p50Ms)}, p95 ${percentile(latency.p95Ms)}, p99 ${percentile(latency.p99Ms)}`,
    ...(groups === undefined
      ? models.map((own) => groupLine(own.provider === null ? "no provider" : `${own.provider}/${own.model ?? "no model"}`, own))
      : groups.map((own) => groupLine(own.group ?? "none", own))),
  ];
}

const groupLine = (name: string, totals: TransactionTotals): string =>
  `${indent}${name}: ${countOf(totals.count, "request")}, ${totalUsd(totals)}`;

/** Of a sum with an unknown part, what is known of it. */
function totalUsd({ costUsd, knownUsd, unknownCostCount, count }: TransactionTotals): string {
  if (unknownCostCount === 0) return formatUsd(costUsd);
  return `${formatUsd(null, knownUsd)} (unknown for ${unknownCostCount} of ${countOf(count, "request")})`;
}

/** Sums over the requests whose two figures are known; nothing is said about sums over none. */
function costLines(totals: TransactionTotals): string[] {
  const { count, comparedCount, comparedReferenceCount } = totals;
  const compared = (usd: number | null, baselineUsd: number | null, of: number): string =>
    `${usdChange({ usd, baselineUsd })}${of < count ? ` (${of} of ${countOf(count, "request")})` : ""}`;
  return [
    `cost ${totalUsd(totals)}`,
    ...(comparedCount > 0 ? [`compared ${compared(totals.comparedCostUsd, totals.comparedBaselineUsd, comparedCount)}`] : []),
    ...(comparedReferenceCount > 0
      ? [`at the reference model ${compared(totals.referenceUsd, totals.referenceBaselineUsd, comparedReferenceCount)}`]
      : []),
  ];
}
