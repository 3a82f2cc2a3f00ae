// What a vendor says of its quotas beside an answer or a refusal: rate-limit headers, and Google's error details.
//
// OpenAI, Azure, Groq, Mistral and most compatible servers: x-ratelimit-{limit,remaining,reset}-{requests,tokens}, where reset
// is a duration until the quota is whole again (platform.openai.com/docs/guides/rate-limits). Anthropic:
// anthropic-ratelimit-{requests,tokens,input-tokens}-{limit,remaining,reset}, where reset is a time
// (platform.claude.com/docs/en/api/rate-limits).
import type { HeaderLookup } from "../failures/retry-after.ts";

/** One quota as the vendor counts it. */
export interface ReportedQuota {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until all of it may be used again; `undefined` when nothing is said. */
  readonly resetMs: number | undefined;
}

export interface ReportedQuotas {
  readonly requests?: ReportedQuota;
  readonly tokens?: ReportedQuota;
}

const longestResetMs = 24 * 60 * 60 * 1000;

/** @param now milliseconds since the epoch. @returns `undefined` when nothing is said. */
export function reportedQuotasOf(header: HeaderLookup, now: number): ReportedQuotas | undefined {
  const requests = quotaOf(header, openAiNames("requests"), now) ?? quotaOf(header, anthropicNames("requests"), now);
  const tokens =
    quotaOf(header, openAiNames("tokens"), now) ??
    quotaOf(header, anthropicNames("input-tokens"), now) ??
    quotaOf(header, anthropicNames("tokens"), now);
  if (!requests && !tokens) return undefined;
  return { ...(requests ? { requests } : {}), ...(tokens ? { tokens } : {}) };
}

interface HeaderNames {
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
}

const openAiNames = (of: string): HeaderNames => ({
  limit: `x-ratelimit-limit-${of}`,
  remaining: `x-ratelimit-remaining-${of}`,
  reset: `x-ratelimit-reset-${of}`,
});
const anthropicNames = (of: string): HeaderNames => ({
  limit: `anthropic-ratelimit-${of}-limit`,
  remaining: `anthropic-ratelimit-${of}-remaining`,
  reset: `anthropic-ratelimit-${of}-reset`,
});

function quotaOf(header: HeaderLookup, names: HeaderNames, now: number): ReportedQuota | undefined {
  const limit = countOf(header(names.limit));
  if (limit === undefined) return undefined;
  const remaining = countOf(header(names.remaining));
  if (remaining === undefined || limit === 0) return undefined;
  return { limit, remaining: Math.min(remaining, limit), resetMs: resetMsOf(header(names.reset), now) };
}

const countOf = (value: string | null | undefined): number | undefined =>
  value && /^\d{1,12}$/.test(value.trim()) ? Number(value) : undefined;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `6m0s`, `1.5s`, `20ms`, seconds as a number, or a time as RFC 3339 has it. */
export function resetMsOf(value: string | null | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return plausible(Number(text) * 1000);
  if (/^(\d{1,12}(\.\d{1,9})?(ms|s|m|h|d)){1,6}$/.test(text)) {
    const parts = [...text.matchAll(/(\d{1,12}(?:\.\d{1,9})?)(ms|s|m|h|d)/g)];
    return plausible(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ""] ?? 0), 0));
  }
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : plausible(Math.max(0, at - now));
}

const plausible = (milliseconds: number): number | undefined => (milliseconds <= longestResetMs ? milliseconds : undefined);

const minuteMs = 60_000;

/**
 * Of a refusal's details: each violation of a google.rpc.QuotaFailure names its quota, e.g.
 * `GenerateRequestsPerMinutePerProjectPerModel` with `quotaValue` 15.
 */
export function violatedQuotasOf(details: readonly Readonly<Record<string, unknown>>[]): ReportedQuotas | undefined {
  const violations = details.flatMap(({ violations: listed }) => (Array.isArray(listed) ? (listed as unknown[]) : []));
  const found: { requests?: ReportedQuota; tokens?: ReportedQuota } = {};
  for (const violation of violations) {
    if (typeof violation !== "object" || violation === null) continue;
    const { quotaId, quotaValue } = violation as Readonly<Record<string, unknown>>;
    const limit = countOf(String(quotaValue ?? ""));
    if (typeof quotaId !== "string" || !quotaId.includes("PerMinute") || !limit) continue;
    found[/tokens/i.test(quotaId) ? "tokens" : "requests"] = { limit, remaining: 0, resetMs: minuteMs };
  }
  return found.requests || found.tokens ? found : undefined;
}
