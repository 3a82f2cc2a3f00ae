// Texts that are written shorter without a loss, each by itself: the same text always becomes the same.
import type { ArchiveBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import { writeLossless } from "@nocp/text/lossless/lossless.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { referPayloads } from "./refer-payloads.ts";

export interface ShortenedText {
  /** The text itself where nothing makes it shorter. */
  readonly text: string;
  /** Tokens before and after. */
  readonly before: number;
  readonly after: number;
  /** Where references stand for binary data. */
  readonly referred?: ReferredText;
}

export interface ReferredText {
  /** The text with references, and its tokens. */
  readonly text: string;
  readonly tokens: number;
  readonly bundles: readonly ArchiveBundle[];
}

/** @param payloadTenant whose archive is to keep binary data; undefined: they stay in the texts. */
export const shortenTexts = (
  texts: readonly string[],
  counter: TokenCounter,
  payloadTenant?: string | undefined,
): ShortenedText[] =>
  texts.map((text) => {
    const before = counter.count(text);
    const { text: written } = writeLossless(text, (part) => counter.count(part));
    const writtenTokens = written === text ? before : counter.count(written);
    const shorter = writtenTokens < before ? { text: written, before, after: writtenTokens } : { text, before, after: before };
    const referred = payloadTenant === undefined ? undefined : referPayloads(text, payloadTenant, counter);
    const tokens = referred === undefined ? before : counter.count(referred.text);
    return referred === undefined || tokens >= shorter.after ? shorter : { ...shorter, referred: { ...referred, tokens } };
  });
