// The report as text: a table of transactions, and their totals below.
import { styleText } from "node:util";
import { renderColumns } from "./render-columns.ts";
import type { Report } from "./report.ts";
import type { TransactionSummary, TransactionTotals } from "./transaction-queries.ts";

export interface ReportStyle {
  /** ANSI colours; off unless the output is a terminal that wants them. */
  readonly colour?: boolean;
}

const headings = [
  "time (UTC)",
  "status",
  "model",
  "tokens in",
  "saved",
  "cost $",
  "baseline $",
  "total ms",
  "queue",
  "act",
  "assess",
  "model",
  "articulate",
  "trace",
];
const rightAligned = new Set([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const statusColours = { succeeded: "green", degraded: "yellow", failed: "red" } as const;

/** Text that ends with a line feed. Unknown costs are shown as `?`. */
export function renderReport(report: Report, { colour = false }: ReportStyle = {}): string {
  if (report.transactions.length === 0) return "No transactions yet.\n";
  const paint = (format: "bold" | "green" | "yellow" | "red", text: string): string =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  const [head = "", ...rows] = renderColumns([headings, ...report.transactions.map(cellsOf)], rightAligned);
  const lines = rows.map((row, index) => {
    const { status } = report.transactions[index]!;
    return row.replace(status, paint(statusColours[status], status));
  });
  return [paint("bold", head), ...lines, "", ...totalLines(report), ""].join("\n");
}

function cellsOf(transaction: TransactionSummary): string[] {
  return [
    new Date(transaction.completedAt).toISOString().slice(0, 19).replace("T", " "),
    transaction.status,
    transaction.model ?? transaction.errorCode ?? "-",
    `${transaction.inputTokensRaw} → ${transaction.inputTokensOptimized}`,
    formatSaving(transaction.inputTokensRaw, transaction.inputTokensOptimized),
    formatUsd(transaction.costUsd),
    formatUsd(transaction.baselineUsd),
    formatMs(transaction.totalMs),
    formatMs(transaction.queueWaitMs),
    formatMs(transaction.actMs),
    formatMs(transaction.assessMs),
    formatMs(transaction.modelMs),
    formatMs(transaction.articulateMs),
    transaction.traceId ?? "-",
  ];
}

function totalLines({ totals, latency, models }: Report): string[] {
  const { count, succeeded, degraded, failed } = totals;
  return [
    `${count} request(s): ${succeeded} succeeded, ${degraded} degraded, ${failed} failed; ${totals.attempts} provider call(s), ${totals.cacheHits} from a cache`,
    `input tokens ${totals.inputTokensRaw} → ${totals.inputTokensOptimized} (${formatSaving(totals.inputTokensRaw, totals.inputTokensOptimized)} saved), ` +
      `output tokens ${totals.outputTokensRaw} → ${totals.outputTokensOptimized} (${formatSaving(totals.outputTokensRaw, totals.outputTokensOptimized)} saved)`,
    costLine(totals),
    `at the reference model $${formatUsd(totals.referenceUsd)} instead of $${formatUsd(totals.referenceBaselineUsd)} (${totals.comparedReferenceCount} request(s))`,
    `latency p50 ${formatMs(latency.p50Ms)} ms, p95 ${formatMs(latency.p95Ms)} ms, p99 ${formatMs(latency.p99Ms)} ms`,
    ...models.map(
      (entry) =>
        `  ${entry.provider ?? "none"}/${entry.model ?? "none"}: ${entry.count} request(s), $${formatUsd(entry.costUsd)}` +
        (entry.unknownCostCount > 0 ? `, ${entry.unknownCostCount} of unknown cost` : ""),
    ),
  ];
}

function costLine({
  costUsd,
  unknownCostCount,
  count,
  comparedCount,
  comparedCostUsd,
  comparedBaselineUsd,
}: TransactionTotals): string {
  const unknown = unknownCostCount > 0 ? `; unknown for ${unknownCostCount} of ${count}, which no sum includes` : "";
  const comparison =
    comparedCount > 0
      ? `; where both are known (${comparedCount}), $${formatUsd(comparedCostUsd)} instead of $${formatUsd(comparedBaselineUsd)}`
      : "";
  return `cost $${formatUsd(costUsd)}${comparison}${unknown}`;
}

const formatUsd = (usd: number | null): string => (usd === null ? "?" : usd.toFixed(6));
const formatMs = (ms: number | null): string => (ms === null ? "-" : ms < 10 ? ms.toFixed(1) : ms.toFixed(0));
/** The share of tokens that went, e.g. `62%`; negative when there are more than before. */
const formatSaving = (before: number, after: number): string =>
  before === 0 ? "-" : `${Math.round((1 - after / before) * 100)}%`;
