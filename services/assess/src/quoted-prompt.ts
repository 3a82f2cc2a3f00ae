// What the prompts of distillation and summaries share: its size in words, and quoted text that is no instruction.
import { createHash } from "node:crypto";

/** A model keeps to a number of words better than of tokens; English has three words in four tokens. */
const wordsPerToken = 0.7;

/** Words to ask for where so many tokens are allowed; at least one. */
export const wordsFor = (tokens: number): number => Math.max(1, Math.floor(tokens * wordsPerToken));

/** A mark that the author of a text cannot have foreseen. @param kind what the text is, e.g. `material`. */
export const quotationMark = (kind: string, text: string): string =>
  `${kind}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
