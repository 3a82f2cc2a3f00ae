// How much of an answer stands in the context it was given from.
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";

/** Distinct terms and numbers of the answer that are looked for; a long answer is judged by its first ones. */
const maxTerms = 512;
/** Shorter words of ASCII letters say little about content. */
const minTermLength = 4;

const asciiWord = /^[a-z]+$/;
const hasDigit = /\p{N}/u;

/**
 * The share of the answer's content terms (stems; pairs of characters in scripts without spaces) and numbers that the
 * context holds, between 0 and 1; `undefined` when the answer has none, or there is no context.
 */
export function supportOf(answer: string, context: string): number | undefined {
  if (context === "") return undefined;
  const vocabulary = createVocabulary();
  const terms = new Set(idsOf(answer).filter(isContent));
  const numbers = new Set(numbersIn(answer));
  const sought = [...terms, ...numbers].slice(0, maxTerms);
  if (sought.length === 0) return undefined;
  const held = new Set<number | string>(idsOf(context));
  if (numbers.size > 0) for (const number of numbersIn(context)) held.add(number);
  return sought.filter((one) => held.has(one)).length / sought.length;

  function idsOf(text: string): number[] {
    const ids: number[] = [];
    vocabulary.append(text, ids);
    return ids;
  }

  function isContent(id: number): boolean {
    const term = vocabulary.term(id);
    return !hasDigit.test(term) && (term.length >= minTermLength || !asciiWord.test(term));
  }
}

/** Numbers without what groups their digits: `1,250.50` gives `1250.50`. */
function* numbersIn(text: string): Iterable<string> {
  for (const [number] of text.matchAll(/\p{N}+(?:[.,]\p{N}+)*/gu)) yield number.replaceAll(",", "");
}
