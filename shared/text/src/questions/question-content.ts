// What of a question says what it is about: not its function words, nor, where that is wanted, its words of asking.
import { englishWeakWords } from "../words/function-words.ts";
import { isSpaceless } from "../words/scripts.ts";
import { latinLanguages, otherLanguages, type QuestionLanguage, spacelessLanguages } from "./question-languages.ts";

const wordPattern = /[\p{L}\p{M}\p{N}_]+(?:\u200c[\p{L}\p{M}]+)*/gu;
const latin = /^\p{sc=Latin}/u;
/** A particle of Japanese between two words. */
const particle = /(?<=[\p{sc=Han}\p{sc=Katakana}ー])[はがをにでとものへや](?=[\p{sc=Han}\p{sc=Katakana}\s、。，？?]|$)/gu;

/** Words of its lists that a text must have to be taken for a language other than English; one that asks with its mark needs one. */
const minListedWords = 2;
/** A longer question has told its language by then. */
const wordsForLanguage = 200;

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(" "));
const latinFunctionWords = latinLanguages.map(({ functionWords }) => setOf(functionWords));
const otherFunctionWords = setOf(otherLanguages.map(({ functionWords }) => functionWords).join(" "));
const isOtherAskingWord = matcherOf(otherLanguages);
const latinAskingWords = latinLanguages.map((language) => matcherOf([language]));
const functionParts = partsPattern(spacelessLanguages.map(({ functionWords }) => functionWords));
const askingParts = partsPattern(spacelessLanguages.map(({ askingWords }) => askingWords));

/** Matches whole words, and with `*` beginnings of words. */
function matcherOf(languages: readonly QuestionLanguage[]): (word: string) => boolean {
  const words = languages.flatMap(({ askingWords }) => askingWords.split(" "));
  const whole = new Set(words.filter((word) => !word.endsWith("*")));
  const beginnings = words.filter((word) => word.endsWith("*")).map((word) => word.slice(0, -1));
  return (word) => whole.has(word) || beginnings.some((beginning) => word.startsWith(beginning));
}

/** The longest of several that fit. */
function partsPattern(lists: readonly string[]): RegExp {
  const parts = lists.flatMap((list) => list.split(" ")).sort((a, b) => b.length - a.length);
  return new RegExp(parts.join("|"), "gu");
}

/** A question in its languages, read once. */
export interface QuestionContent {
  /** Without function words; the whole question when nothing else is in it. */
  readonly content: string;
  /** Without words of asking as well; empty when nothing is left. */
  readonly topic: string;
}

/** Any language, any length, linear. English function words may stay: they are no terms. */
export function readQuestion(query: string): QuestionContent {
  const language = latinLanguageOf(query);
  const functionWords = latinFunctionWords[language] as ReadonlySet<string>;
  const isLatinAskingWord = latinAskingWords[language] as (word: string) => boolean;
  const hasParts = isSpaceless(query);
  const spaced = hasParts ? query.replace(functionParts, " ").replace(particle, " ") : query;
  const content = dropWords(spaced, (word) => (latin.test(word) ? functionWords : otherFunctionWords).has(word));
  const asked = hasParts ? content.replace(askingParts, " ") : content;
  const topic = dropWords(asked, (word) => (latin.test(word) ? isLatinAskingWord(word) : isOtherAskingWord(word)));
  return { content: hasWords(content) ? content : query, topic: hasWords(topic) ? topic : "" };
}

/** The name of the question's language among those of the Latin script; English in doubt. */
export const languageOf = (query: string): string => (latinLanguages[latinLanguageOf(query)] as QuestionLanguage).name;

/** Whether a lower-case word of the question is a function word of its language, or of English. */
export function functionWordsOf(query: string): (word: string) => boolean {
  const own = latinFunctionWords[latinLanguageOf(query)] as ReadonlySet<string>;
  return (word) => (latin.test(word) ? own.has(word) || englishWeakWords.has(word) : otherFunctionWords.has(word));
}

const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

const dropWords = (text: string, isDropped: (word: string) => boolean): string =>
  text.replace(wordPattern, (word) => (isDropped(word.toLowerCase()) ? " " : word));

/** The position of the language of whose lists the question has most words; English's in doubt. */
function latinLanguageOf(query: string): number {
  const words = (query.toLowerCase().match(wordPattern) ?? []).slice(0, wordsForLanguage);
  const needed = query.includes("?") ? 1 : minListedWords;
  let best = 0;
  let most = -1;
  latinFunctionWords.forEach((functionWords, language) => {
    const isAsking = latinAskingWords[language] as (word: string) => boolean;
    const count = words.filter((word) => functionWords.has(word) || isAsking(word)).length;
    if (count > most && (language === 0 || count >= needed)) {
      best = language;
      most = count;
    }
  });
  return best;
}
