// When a provider allows the next try, from the headers and bodies vendors use.

export type HeaderLookup = (name: string) => string | null | undefined;

const second = 1000;

/** A wait that is no wait, or longer than a day, says nothing useful. */
const longestMs = 24 * 60 * 60 * second;

const plausible = (milliseconds: number): number | undefined =>
  Number.isFinite(milliseconds) && milliseconds >= 0 && milliseconds <= longestMs ? Math.ceil(milliseconds) : undefined;

/**
 * Milliseconds to wait, or `undefined` when nothing says so. `retry-after-ms` (OpenAI, Azure) is finer and wins over
 * `Retry-After`, which holds seconds or an HTTP date (RFC 9110, section 10.2.3).
 * @param now milliseconds since the epoch, for dates.
 */
export function retryAfterMsOf(header: HeaderLookup, now: number): number | undefined {
  const milliseconds = header("retry-after-ms");
  if (milliseconds) {
    const wait = plausible(Number(milliseconds));
    if (wait !== undefined) return wait;
  }
  const value = header("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return plausible(Number(value) * second);
  // Date.parse takes nearly any number for a year.
  const at = /^[A-Za-z]{3}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : plausible(Math.max(0, at - now));
}

/** `34s` or `1.5s`, the form of google.protobuf.Duration in JSON, in milliseconds. */
export function durationMsOf(text: unknown): number | undefined {
  const match = typeof text === "string" ? /^(\d+(?:\.\d+)?)s$/.exec(text) : null;
  return match ? plausible(Number(match[1]) * second) : undefined;
}
