// What compression removed, as a bundle for the archive, and the line that refers to it, within the token budget.

import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import { ordinaryReference, referenceLineOf } from "@nocp/contracts/reference-line.ts";
import { type ArchiveBundle, createBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { MeasuredItem } from "./compression-strategy.ts";

/** A budget of fewer than this many reference lines is all content; the reference stands in `archived` alone then. */
const leastLines = 4;

/**
 * Tokens to set aside for the reference line; one of a hundred takes a token or two more.
 * @param limitTokens of the whole context; undefined when the request sets none.
 */
export function reservedTokens(limitTokens: number | undefined, counter: TokenCounter): number {
  if (limitTokens === undefined) return 0;
  const lineTokens = counter.count(`\n${referenceLineOf(ordinaryReference)}`);
  return limitTokens < leastLines * lineTokens ? 0 : lineTokens;
}

/** A compressed context and where its originals are. */
export interface ReferringText {
  /** Undefined when nothing is removed. */
  readonly bundle: ArchiveBundle | undefined;
  /** Empty where there is none. */
  readonly referenceLine: string;
  /** The compressed text, the line as its last. */
  readonly text: string;
  readonly tokens: number;
}

export interface RemovalInput {
  readonly removed: readonly MeasuredItem[];
  readonly scope: ArchiveScope | undefined;
  readonly text: string;
  readonly hasLine: boolean;
  readonly counter: TokenCounter;
}

/** A bundle of the removed items' originals, and the text with its reference. */
export function archiveRemoved({ removed, scope, text, hasLine, counter }: RemovalInput): ReferringText {
  const plain = () => ({ referenceLine: "", text, tokens: text === "" ? 0 : counter.count(text) });
  if (scope === undefined || removed.length === 0) return { bundle: undefined, ...plain() };
  const bundle = createBundle(
    scope,
    removed.map(({ item, original }) => original ?? item),
  );
  if (!hasLine) return { bundle, ...plain() };
  const referenceLine = referenceLineOf(bundle.reference);
  const referring = text === "" ? referenceLine : `${text}\n${referenceLine}`;
  return { bundle, referenceLine, text: referring, tokens: counter.count(referring) };
}
