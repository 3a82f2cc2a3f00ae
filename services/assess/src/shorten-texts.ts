// Texts that are written shorter without a loss, each by itself: the same text always becomes the same.
import { writeLossless } from "@nocp/text/lossless/lossless.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";

export interface ShortenedText {
  /** The text itself where nothing makes it shorter. */
  readonly text: string;
  /** Tokens before and after. */
  readonly before: number;
  readonly after: number;
}

export const shortenTexts = (texts: readonly string[], counter: TokenCounter): ShortenedText[] =>
  texts.map((text) => {
    const before = counter.count(text);
    const { text: written } = writeLossless(text, (part) => counter.count(part));
    const after = written === text ? before : counter.count(written);
    return after < before ? { text: written, before, after } : { text, before, after: before };
  });
