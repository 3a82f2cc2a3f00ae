// Which format says a value in the fewest tokens, or the one asked for where it can hold the value.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { OutputFormat } from "@nocp/contracts/request.ts";
import type { TokenCounter } from "../tokens/token-counter.ts";
import { equalValues } from "./equal-values.ts";
import type { Format } from "./format.ts";

export interface SelectedFormat {
  readonly format: OutputFormat;
  readonly text: string;
  readonly tokens: number;
  /** Tokens in each format that was looked at; `null` where it cannot hold the value. */
  readonly alternatives: Readonly<Partial<Record<OutputFormat, number | null>>>;
  /** That `text` gives back the value, types included, was checked. */
  readonly roundTrip: true;
}

interface Candidate {
  readonly format: Format;
  readonly text: string;
  readonly tokens: number;
}

/**
 * Writes the value in every format and takes the fewest tokens among those that give it back. Compact JSON is always
 * among them, so it is never beaten by less. Candidates are parsed back in the order of their tokens, until one holds:
 * usually one alone. Equal counts are decided by the order of `formats`.
 * @param value a JSON value.
 * @param asked only this one, unless it cannot hold the value; `format` then differs from it.
 * @throws NocpError INVALID_REQUEST when no format holds the value.
 */
export function selectFormat(
  value: unknown,
  formats: readonly Format[],
  counter: TokenCounter,
  asked: OutputFormat | "auto" = "auto",
): SelectedFormat {
  if (asked !== "auto") {
    const one = formats.filter((format) => format.name === asked);
    const selected = fewestTokens(value, one, counter);
    if (selected) return selected;
    const others = fewestTokens(
      value,
      formats.filter((format) => format.name !== asked),
      counter,
    );
    if (others) return { ...others, alternatives: { [asked]: null, ...others.alternatives } };
  }
  const selected = asked === "auto" ? fewestTokens(value, formats, counter) : undefined;
  if (selected) return selected;
  throw new NocpError("INVALID_REQUEST", "the value is too large for every format", {
    advice: "Send a smaller value.",
  });
}

function fewestTokens(value: unknown, formats: readonly Format[], counter: TokenCounter): SelectedFormat | undefined {
  const alternatives: Partial<Record<OutputFormat, number | null>> = {};
  const candidates: Candidate[] = [];
  for (const format of formats) {
    const text = renderedOrUndefined(format, value);
    const tokens = text === undefined ? null : counter.count(text);
    alternatives[format.name] = tokens;
    if (text !== undefined && tokens !== null) candidates.push({ format, text, tokens });
  }
  candidates.sort((left, right) => left.tokens - right.tokens);
  for (const { format, text, tokens } of candidates) {
    if (givesBack(format, text, value)) return { format: format.name, text, tokens, alternatives, roundTrip: true };
    alternatives[format.name] = null;
  }
  return undefined;
}

/** A lone surrogate does not survive UTF-8, in which every text travels; JSON escapes it. */
function renderedOrUndefined(format: Format, value: unknown): string | undefined {
  try {
    const text = format.render(value);
    return text?.isWellFormed() ? text : undefined;
  } catch {
    return undefined;
  }
}

function givesBack(format: Format, text: string, value: unknown): boolean {
  try {
    return equalValues(format.parse(text), value);
  } catch {
    return false;
  }
}
