// The terms of one word: without its case, its marks and its inflection. Knows scripts, not languages.
import { stemEnglish } from "./stem-english.ts";

/** Function words of English: they carry no topic, and short questions are full of them. */
const functionWords = new Set(
  (
    "a an the of in on at to for and or but nor so as is are was were be been being am do does did done have has had having it its this that these " +
    "those there here with by from into onto about than then i you he she we they me him her us them my your his our their mine who whom whose " +
    "what when where which why how can could will would shall should may might must not no s t d ll re ve m if because while during also just " +
    "please tell give"
  ).split(" "),
);

/** Scripts written without spaces, or (Hangul) with particles glued on: pairs of characters are their terms. */
const unspacedScripts =
  "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}\\p{sc=Tibetan}";
const unspacedWord = new RegExp(`^[${unspacedScripts}]`, "v");
const latinWord = /^[a-z0-9]+$/;
const nonAscii = /\P{ASCII}/u;
const wordWithinMarks = /\p{M}+/gu;
const surrogate = /[\uD800-\uDFFF]/;
const hasDigit = /[0-9]/;

/** Inflected words of other alphabets meet in their runs of four characters (McNamee and Mayfield, 2004). */
const gramLength = 4;
/** Inflection that the stemming does not know ends after the root; words with digits are names and stay whole. */
const rootLength = 6;

/** @returns a pattern of its own for each caller: words of one script, which an unspaced script ends. */
export const wordPattern = (): RegExp => new RegExp(`[${unspacedScripts}]+|[[\\p{L}\\p{N}\\p{M}]--[${unspacedScripts}]]+`, "gv");

/** Whether the word, as `wordPattern` finds it, is of a script whose terms are pairs of characters. */
export const isUnspaced = (word: string): boolean => unspacedWord.test(word);

/** The text whose pairs of characters are the terms of an unspaced word. */
export const foldUnspaced = (word: string): string => word.normalize("NFKC").toLowerCase();

/** Whether each UTF-16 unit is a character. */
export const isOfSingleUnits = (text: string): boolean => !surrogate.test(text);

/** The term of a word of ASCII letters and digits, in lower case; empty for a function word. */
export const termOfAsciiWord = (lower: string): string =>
  functionWords.has(lower) ? "" : hasDigit.test(lower) ? lower : stemEnglish(lower).slice(0, rootLength);

/** The terms of one word of one script, as `wordPattern` finds it; none for a function word. */
export function termsOfWord(word: string): readonly string[] {
  if (!nonAscii.test(word)) return oneOrNone(termOfAsciiWord(word.toLowerCase()));
  if (isUnspaced(word)) return grams(foldUnspaced(word), 2);
  const folded = word.normalize("NFKD").replace(wordWithinMarks, "").toLowerCase();
  return latinWord.test(folded) ? oneOrNone(termOfAsciiWord(folded)) : grams(folded, gramLength);
}

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
