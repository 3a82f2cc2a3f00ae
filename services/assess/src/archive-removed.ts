// What compression removed, as a bundle for the archive, and the line that refers to it, within the token budget.
import { type ArchiveBundle, createBundle } from "@nocp/shared/archive/bundle.ts";
import { costliestReference, referenceLineOf } from "@nocp/shared/archive/reference-line.ts";
import type { ArchiveScope } from "@nocp/shared/contracts/archive.ts";
import type { TokenCounter } from "@nocp/shared/tokens/token-counter.ts";
import type { MeasuredItem } from "./compression-strategy.ts";

/** A budget of fewer than this many reference lines is all content; the reference stands in `archived` alone then. */
const leastLines = 4;

/**
 * Tokens to set aside for the reference line.
 * @param limitTokens of the whole context.
 */
export function reservedTokens(limitTokens: number, counter: TokenCounter): number {
  const lineTokens = counter.count(`\n${referenceLineOf(costliestReference)}`);
  return limitTokens < leastLines * lineTokens ? 0 : lineTokens;
}

export interface ArchivedRemoval {
  readonly bundle: ArchiveBundle;
  /** Empty where the budget has no room for it. */
  readonly referenceLine: string;
  /** The compressed text, the line as its last. */
  readonly text: string;
  readonly tokens: number;
}

export interface RemovalInput {
  readonly removed: readonly MeasuredItem[];
  readonly scope: ArchiveScope;
  readonly text: string;
  readonly tokens: number;
  /** Undefined when the request sets no limit. */
  readonly limitTokens: number | undefined;
  readonly counter: TokenCounter;
}

/** @returns a bundle of the removed items' originals, and the text with its reference where that keeps the limit. */
export function archiveRemoved({ removed, scope, text, tokens, limitTokens, counter }: RemovalInput): ArchivedRemoval {
  const bundle = createBundle(
    scope,
    removed.map(({ item }) => item),
  );
  const withoutLine = { bundle, referenceLine: "", text, tokens };
  if (limitTokens !== undefined && reservedTokens(limitTokens, counter) === 0) return withoutLine;
  const referenceLine = referenceLineOf(bundle.reference);
  const referring = text === "" ? referenceLine : `${text}\n${referenceLine}`;
  const referringTokens = counter.count(referring);
  return limitTokens !== undefined && referringTokens > limitTokens
    ? withoutLine
    : { bundle, referenceLine, text: referring, tokens: referringTokens };
}
