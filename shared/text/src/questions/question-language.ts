// Which language a question is in, by its script and the words that carry no topic.
import { languageOf } from "./question-content.ts";
import { latinLanguages, otherLanguages, spacelessLanguages } from "./question-languages.ts";

const [firstName, ...furtherNames] = [...latinLanguages, ...otherLanguages, ...spacelessLanguages].map(({ name }) => name);
/** All that are told apart. */
export const questionLanguageNames: readonly [string, ...string[]] = [firstName!, ...furtherNames];

/** Told by their script alone; Chinese comes last, for Japanese is written with its characters too. */
const scripts: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["Japanese", /[\p{sc=Hiragana}\p{sc=Katakana}]/u],
  ["Korean", /\p{sc=Hangul}/u],
  ["Thai", /\p{sc=Thai}/u],
  ["Chinese", /\p{sc=Han}/u],
  ["Greek", /\p{sc=Greek}/u],
  ["Hebrew", /\p{sc=Hebrew}/u],
  ["Hindi", /\p{sc=Devanagari}/u],
];
/** Scripts of two languages each; the first is taken when no word tells. */
const sharedScripts: readonly (readonly [names: readonly string[], pattern: RegExp])[] = [
  [["Russian", "Ukrainian"], /\p{sc=Cyrillic}/u],
  [["Arabic", "Persian"], /\p{sc=Arabic}/u],
];

const wordsOfLanguage = new Map(otherLanguages.map(({ name, functionWords }) => [name, new Set(functionWords.split(" "))]));
const wordPattern = /[\p{L}\p{M}]+/gu;
/** A longer question has told its language by then. */
const readCharacters = 2_000;

/** One of `questionLanguageNames`; English in doubt. */
export function languageNameOf(question: string): string {
  const text = question.slice(0, readCharacters);
  const words = text.toLowerCase().match(wordPattern) ?? [];
  const latinWords = words.filter((word) => /^\p{sc=Latin}/u.test(word)).length;
  if (latinWords * 2 > words.length) return languageOf(text);
  const script = scripts.find(([, pattern]) => pattern.test(text));
  if (script) return script[0];
  const shared = sharedScripts.find(([, pattern]) => pattern.test(text));
  return shared ? ofMostWords(shared[0], words) : languageOf(text);
}

function ofMostWords(names: readonly string[], words: readonly string[]): string {
  const count = (name: string): number => words.filter((word) => wordsOfLanguage.get(name)?.has(word)).length;
  return names.reduce((best, name) => (count(name) > count(best) ? name : best));
}
