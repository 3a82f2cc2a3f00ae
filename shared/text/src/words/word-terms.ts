// The terms of one word: without its case, its marks and its inflection. Knows scripts, not languages.
import { englishFunctionWords } from "./function-words.ts";
import { isOfSingleUnits, isPaired, pairedScripts } from "./scripts.ts";
import { stemEnglish, stemOf } from "./stem.ts";

const latinWord = /^[a-z0-9]+$/;
const nonAscii = /\P{ASCII}/u;
const mark = /\p{M}+/gu;
const hasDigit = /[0-9]/;
const isNumber = /^[0-9]+$/;
/** Shorter numbers in words are seldom asked for, and digests and times are full of them. */
const numberInWord = /[0-9]{3,}/g;
/** Between letters and digits; a word that changes more often is a digest or a token, and its numbers mean nothing. */
const boundary = /[0-9](?=\p{L})|\p{L}(?=[0-9])/gu;
const mostBoundaries = 2;

/** Inflected words of other alphabets meet in their runs of four characters (McNamee and Mayfield, 2004). */
const gramLength = 4;
/** Inflection that the stemming does not know ends after the root; words with digits are names and stay whole. */
const rootLength = 6;

/** @returns a pattern of its own for each caller: words of one script, which an unspaced script ends. */
export const wordPattern = (): RegExp => new RegExp(`[${pairedScripts}]+|[[\\p{L}\\p{N}\\p{M}]--[${pairedScripts}]]+`, "gv");

/** The text whose pairs of characters are the terms of a word of a paired script. */
export const foldPaired = (word: string): string => stemOf(word.normalize("NFKC").toLowerCase());

/** The term of a word of ASCII letters and digits, in lower case; empty for a function word. */
const termOfAsciiWord = (lower: string): string =>
  englishFunctionWords.has(lower) ? "" : hasDigit.test(lower) ? lower : stemEnglish(lower).slice(0, rootLength);

/** The numbers of three digits and more that a word has beside its letters: 4268 in `A4268`, `INV4268` and `0302D4268`. */
export function numbersInWord(word: string): readonly string[] {
  if (isNumber.test(word)) return [];
  const numbers = word.match(numberInWord);
  return numbers === null || (word.match(boundary)?.length ?? 0) > mostBoundaries ? [] : numbers;
}

/** The terms of a word of ASCII letters and digits, in lower case: the word itself, then the numbers in it. */
export function termsOfAsciiWord(lower: string): readonly string[] {
  const term = termOfAsciiWord(lower);
  if (term === "") return [];
  return hasDigit.test(lower) ? [term, ...numbersInWord(lower)] : [term];
}

/** The terms of one word of one script, as `wordPattern` finds it; none for a function word. */
export function termsOfWord(word: string): readonly string[] {
  if (!nonAscii.test(word)) return termsOfAsciiWord(word.toLowerCase());
  if (isPaired(word)) return grams(foldPaired(word), 2);
  const folded = foldMarks(word.toLowerCase());
  if (latinWord.test(folded)) return termsOfAsciiWord(folded);
  const terms = grams(foldMarks(stemOf(word.normalize("NFKC").toLowerCase())), gramLength);
  return hasDigit.test(folded) ? [...new Set([...terms, ...numbersInWord(folded)])] : terms;
}

/** Stems of a text's words, in order; of words of paired scripts, their pairs of characters. */
export function stemsOf(text: string, stem: (word: string) => string = stemOf): string[] {
  const lower = text.normalize("NFKC").toLowerCase();
  return (lower.match(wordPattern()) ?? []).flatMap((word) => (isPaired(word) ? pairsOf(word) : [stem(word)]));
}

/** The pairs of characters of a lower-case word of a paired script, without its particle. */
export const pairsOf = (word: string): readonly string[] => grams(stemOf(word), 2);

const foldMarks = (word: string): string => word.normalize("NFKD").replace(mark, "").replaceAll("ß", "ss");

const oneOrNone = (term: string): string[] => (term === "" ? [] : [term]);

/** All runs of so many characters; a shorter text is one. */
function grams(text: string, length: number): string[] {
  const characters = isOfSingleUnits(text) ? text : [...text];
  if (characters.length <= length) return oneOrNone(text);
  return Array.from({ length: characters.length - length + 1 }, (_, at) => {
    const gram = characters.slice(at, at + length);
    return typeof gram === "string" ? gram : gram.join("");
  });
}
