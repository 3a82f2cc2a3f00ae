// A result and its bill as text for a terminal: tokens, money, time; and what its stages did.

import type { Cost } from "@nocp/contracts/accounting.ts";
import type { StageEvent } from "@nocp/contracts/event.ts";
import type { Latency, NocpResult } from "@nocp/contracts/result.ts";
import { parseReference } from "@nocp/runtime/stores/archive/reference.ts";
import type { Field } from "../terminal/render-fields.ts";
import { renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { noBreakSpace } from "../terminal/wrap-text.ts";

/** `unknown, at least $0.750000` where only a part is known. */
export function formatUsd(usd: number | null, knownUsd = 0): string {
  if (usd !== null) return `$${usd.toFixed(6)}`;
  return knownUsd > 0 ? `unknown, at least $${knownUsd.toFixed(6)}` : "unknown";
}
export const formatMs = (ms: number): string => `${roundedMs(ms)} ms`;
const roundedMs = (ms: number): string => (ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString("en"));

/** `1,234 → 56 (95% less)`. */
export function formatTokens(before: number, after: number): string {
  const change =
    before === 0 || before === after
      ? ""
      : ` (${Math.abs(Math.round((1 - after / before) * 100))}% ${after < before ? "less" : "more"})`;
  return `${before.toLocaleString("en")} → ${after.toLocaleString("en")}${change}`;
}

/** What a request cost, where the time went; a failed one has little of it. */
export function billLines(result: NocpResult): Field[] {
  const { cost, tokens } = result;
  const { reference } = cost;
  const cached = result.cache.hit ? `, from the ${result.cache.tier} cache` : "";
  const fields: (readonly [title: string, value: string | undefined | null])[] = [
    ["answered by", result.answer === null ? null : `${result.provider}/${result.model}${cached}`],
    ["format", result.format],
    ["input tokens", tokenChange(tokens.input)],
    ["output tokens", tokenChange(tokens.output)],
    ["cost", usdChange(cost)],
    [`at ${reference.model}`, reference.usd === null && reference.baselineUsd === null ? undefined : usdChange(reference)],
    ["latency", latencyText(result.latency)],
    ["confidence", result.confidence?.score.toFixed(2)],
    ["trace", result.traceId],
    ["request", result.requestId],
  ];
  return fields.flatMap(([title, value]) => (value ? [[title, value] as const] : []));
}

const tokenChange = ({ raw, optimized }: { readonly raw: number; readonly optimized: number }) =>
  raw + optimized === 0 ? undefined : formatTokens(raw, optimized);

/** With and without NOCP; a baseline that is unknown is left out. */
export function usdChange({ usd, knownUsd, baselineUsd }: Pick<Cost, "usd" | "knownUsd" | "baselineUsd">): string {
  const baseline = baselineUsd === null ? "" : `; without NOCP ${formatUsd(baselineUsd)}`;
  return `${formatUsd(usd, knownUsd)}${baseline}`;
}

/** What of a result's latency is kept for reports, too. */
type ShownLatency = Omit<Latency, "providerWaitMs"> & Partial<Latency>;

/** The whole and its parts, all in milliseconds. */
export function latencyText(latency: ShownLatency): string {
  const { queueWaitMs, stageMs, modelMs, providerWaitMs = 0 } = latency;
  const waited = providerWaitMs === 0 ? [] : [["wait for provider", providerWaitMs] as const];
  const parts = [["queue", queueWaitMs], ...Object.entries(stageMs), ["model", modelMs], ...waited] as const;
  return `${formatMs(latency.totalMs)}: ${parts.map(([name, ms]) => `${name}${noBreakSpace}${roundedMs(ms)}`).join(", ")}`;
}

/** What was archived: one a bundle, with the command that lists what it holds. */
export function archivedFields({ archived }: NocpResult): Field[] {
  const bundles = Map.groupBy(archived, ({ ref }) => parseReference(ref).bundle);
  return [...bundles].map(([bundle, originals]) => {
    const count = `${originals.length} original${originals.length === 1 ? "" : "s"}`;
    return ["archived", `${bundle} (${count}): ./nocp archive get ${bundle}`];
  });
}

/** What each strategy did to the tokens; empty when none was considered. */
export function strategyTable(result: NocpResult, terminal: Pick<Terminal, "width" | "colors">): string | undefined {
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

/** `done, waited 1.2 ms, worked 43 ms`; @param kind as a RequestWatcher hears it. */
export function stageLine(kind: string, { queueWaitMs, workMs, attempt, code }: StageEvent): string {
  const parts = [outcome(kind, code), `waited ${formatMs(queueWaitMs)}`, `worked ${formatMs(workMs)}`];
  return [...parts, ...(attempt > 1 ? [`attempt ${attempt}`] : [])].join(", ");
}

function outcome(kind: string, code: string | null): string {
  const withCode = code === null ? "" : ` with ${code}`;
  if (kind === "stage-retried") return `failed${withCode}, will be retried`;
  if (kind === "dead-lettered") return `failed${withCode}, dead-lettered`;
  return code === null ? "done" : `failed${withCode}`;
}
