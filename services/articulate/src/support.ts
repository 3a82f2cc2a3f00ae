// How much of an answer stands in the context it was given from.

/** Distinct words and numbers of the answer that are looked for; a long answer is judged by its first ones. */
const MAX_TERMS = 512;
/** Words are compared by their beginning, so that an ending does not matter: `refund`, `refunded`. */
const STEM_LENGTH = 6;
/** Shorter words say little about content. */
const MIN_WORD_LENGTH = 4;

const unspacedScript = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** No script of the above begins before this code unit. */
const FIRST_UNSPACED_UNIT = 0x0e00;
const startsWithNumber = /^\p{N}/u;

/**
 * The share of the answer's content words and numbers that the context holds, between 0 and 1; `undefined` when the
 * answer has none, or there is no context. Scripts without blanks are compared by pairs of characters.
 */
export function supportOf(answer: string, context: string): number | undefined {
  const terms = new Set<string>();
  visitTerms(answer, (term) => terms.add(term).size < MAX_TERMS);
  if (terms.size === 0 || context === "") return undefined;
  const missing = new Set(terms);
  visitTerms(context, (term) => !missing.delete(term) || missing.size > 0);
  return 1 - missing.size / terms.size;
}

/** Visits the terms of a text in their order, until `visit` returns false. */
function visitTerms(text: string, visit: (term: string) => boolean): void {
  const word = /\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}]+/gu;
  const lower = text.toLowerCase();
  for (let found = word.exec(lower); found; found = word.exec(lower)) {
    for (const term of termsOf(found[0])) if (!visit(term)) return;
  }
}

function termsOf(word: string): readonly string[] {
  if (startsWithNumber.test(word)) return [word.replaceAll(",", "")];
  if (word.charCodeAt(0) >= FIRST_UNSPACED_UNIT && unspacedScript.test(word)) return pairsOf(word);
  return word.length < MIN_WORD_LENGTH ? [] : [word.slice(0, STEM_LENGTH)];
}

function pairsOf(word: string): string[] {
  const characters = [...word];
  return characters.length === 1 ? characters : characters.slice(1).map((character, before) => characters[before] + character);
}
