// What a line break after a text costs.

const endsInMark = /[\p{P}\p{S}]$/u;

/** Byte-pair vocabularies have tokens for a mark with a line break after it; after a letter or digit the break is its own. */
export const lineBreakTokens = (text: string): number => (endsInMark.test(text) ? 0 : 1);
