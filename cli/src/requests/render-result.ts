// A result's bill for a person: tokens, money, time.
import type { NocpResult } from "@nocp/shared/contracts/result.ts";
import { renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** `?` where the price is unknown. */
export const formatUsd = (usd: number | null): string => (usd === null ? "?" : `$${usd.toFixed(6)}`);
export const formatMs = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/** `1,234 → 56 (95% less)`. */
export function formatTokens(before: number, after: number): string {
  const change =
    before === 0 || before === after
      ? ""
      : ` (${Math.abs(Math.round((1 - after / before) * 100))}% ${after < before ? "less" : "more"})`;
  return `${before.toLocaleString("en")} → ${after.toLocaleString("en")}${change}`;
}

/** What a request cost and where the time went: lines of title and value. */
export function billLines(result: NocpResult): [title: string, value: string][] {
  const { tokens, cost, latency } = result;
  const by = result.provider === null ? "nobody" : `${result.provider}/${result.model}`;
  return [
    ["answered by", `${by}${result.cache.hit ? `, from the ${result.cache.tier} cache` : ""}`],
    ["format", result.format ?? "none"],
    ["input tokens", formatTokens(tokens.input.raw, tokens.input.optimized)],
    ["output tokens", formatTokens(tokens.output.raw, tokens.output.optimized)],
    ["cost", `${formatUsd(cost.usd)}; without NOCP ${formatUsd(cost.baselineUsd)}`],
    [`at ${cost.reference.model}`, `${formatUsd(cost.reference.usd)}; without NOCP ${formatUsd(cost.reference.baselineUsd)}`],
    [
      "latency",
      `${formatMs(latency.totalMs)}: queue ${formatMs(latency.queueWaitMs)}, act ${formatMs(latency.actMs)}, assess ${formatMs(latency.assessMs)}, ` +
        `model ${formatMs(latency.modelMs)}, router ${formatMs(latency.routerMs)}, articulate ${formatMs(latency.articulateMs)}`,
    ],
    ...(result.confidence ? [["confidence", result.confidence.score.toFixed(2)] as [string, string]] : []),
    ["trace", result.traceId ?? "none"],
    ["request", result.requestId],
  ];
}

/** What each strategy did to the tokens; empty when none was considered. */
export function strategyTable(result: NocpResult, terminal: Terminal): string | undefined {
  if (result.strategies.length === 0) return undefined;
  const rows = result.strategies.map(({ strategy, before, after, justification }) => [
    strategy,
    before.toLocaleString("en"),
    after.toLocaleString("en"),
    justification,
  ]);
  const columns = [
    { title: "strategy" },
    { title: "tokens before", align: "right" as const },
    { title: "after", align: "right" as const },
    { title: "why" },
  ];
  return renderTable(columns, rows, terminal);
}

/** One line for the error, each failed tool and each warning; a tool whose failure is a warning already is left out. */
export function problemLines(result: NocpResult): string[] {
  const warnings = result.warnings.map(({ code, message }) => `${message} (${code})`);
  const tools = result.tools.flatMap(({ name, error }) =>
    error && !warnings.some((warning) => warning.includes(error.message))
      ? [`tool ${name}: ${error.message} (${error.code})`]
      : [],
  );
  const advice = result.error?.advice === undefined ? "" : `. ${result.error.advice}`;
  return [...(result.error ? [`${result.error.message} (${result.error.code})${advice}`] : []), ...tools, ...warnings];
}
