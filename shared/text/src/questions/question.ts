// What a question asks for: its terms, literals, comparisons and the words that ask for extremes or for all.
import { pairedFieldWords } from "../words/field-words.ts";
import { isPaired } from "../words/scripts.ts";
import { normalisedText, wordsOfKey, wordsOfText } from "../words/split-words.ts";
import { stemmerOf } from "../words/stem.ts";
import { functionWordsOf, languageOf } from "./question-content.ts";
import {
  betweenPattern,
  comparisonPatterns,
  highestParts,
  highestSuperlatives,
  highestWords,
  lowestParts,
  lowestSuperlatives,
  lowestWords,
  negationParts,
  negationWords,
  overviewPattern,
  questionColumns,
} from "./question-words.ts";
import { type TimeRange, timesOf } from "./time-ranges.ts";

export interface QuestionTerm {
  /** Lower case. */
  readonly text: string;
  readonly stem: string;
  /** 1 for a word of content, less for words that matter little. */
  readonly weight: number;
  /** Has digits or signs, like an identifier, a date or a path: must match as it stands. */
  readonly isLiteral: boolean;
  /** Of a script whose terms are pairs of characters: may stand anywhere inside a value. */
  readonly isPaired: boolean;
}

export interface Comparison {
  readonly operator: ">" | "<" | "=";
  readonly value: number;
  /** As it stands behind the number, lower case, e.g. `ms`; empty for none. */
  readonly unit: string;
}

export interface Question {
  readonly text: string;
  /** Lower case. */
  readonly words: ReadonlySet<string>;
  readonly terms: readonly QuestionTerm[];
  /** Runs of one to eight words, normalised: a value among them is named as a whole. */
  readonly phrases: ReadonlySet<string>;
  readonly comparisons: readonly Comparison[];
  /** The name of its language among those of the Latin script; English in doubt. */
  readonly language: string;
  /** The end of a scale that a superlative asks for; undefined without one, or with one for either end. */
  readonly extreme: "highest" | "lowest" | undefined;
  readonly wantsHighest: boolean;
  readonly wantsLowest: boolean;
  readonly wantsTime: boolean;
  /** Days, months and times of day that it names. */
  readonly times: readonly TimeRange[];
  readonly isNegated: boolean;
  /** The words that follow each word of negation, lower case: what is negated, as far as English and its like go. */
  readonly negatedWords: readonly (readonly string[])[];
  readonly isOverview: boolean;
  /** The stem of a lower-case word, as the terms have it: values and keys are stemmed as the question is. */
  readonly stemOf: (word: string) => string;
}

/** Whether a number is what all comparisons ask for; their ends count. */
export const passesAll = (value: number, comparisons: readonly Comparison[]): boolean =>
  comparisons.every(({ operator, value: bound }) => (operator === ">" ? value >= bound : value <= bound));

const literalPattern = /[\p{L}\p{M}\p{N}]+(?:[-_./:@+~'’][\p{L}\p{M}\p{N}]+)*/gu;
/** Terms beyond these are left out: a question of a page has no more to say about one table. */
const mostTerms = 64;
const longestPhraseWords = 8;

/** Reads a question. Pure; any language, any length. */
export function parseQuestion(query: string): Question {
  const text = query.slice(0, 20_000).normalize("NFKC");
  const lower = text.toLowerCase();
  const words = wordsOfText(text);
  const hasWord = (set: ReadonlySet<string>, parts: readonly string[] = []) =>
    words.some((word) => set.has(word)) || parts.some((part) => lower.includes(part));
  const language = languageOf(text);
  const stemOf = stemmerOf(language);
  const terms = termsOf(text, stemOf);
  const { ranges, rest } = timesOf(text);
  return {
    text: lower,
    words: new Set(words),
    terms,
    phrases: phrasesOf(normalisedText(text)),
    comparisons: comparisonsOf(rest),
    language,
    extreme: extremeOf(words),
    wantsHighest: hasWord(highestWords, highestParts),
    wantsLowest: hasWord(lowestWords, lowestParts),
    wantsTime: questionColumns.some(({ word, kind }) => kind === "time" && word.test(text)),
    times: ranges,
    isNegated: hasWord(negationWords, negationParts),
    negatedWords: negatedWordsOf(words),
    isOverview: terms.every((term) => term.weight < 0.5) || overviewPattern.test(text),
    stemOf,
  };
}

function extremeOf(words: readonly string[]): Question["extreme"] {
  const isLowest = words.some((word) => lowestSuperlatives.has(word) && !highestSuperlatives.has(word));
  if (isLowest) return "lowest";
  return words.some((word) => highestSuperlatives.has(word) && !lowestSuperlatives.has(word)) ? "highest" : undefined;
}

function termsOf(text: string, stemOf: Question["stemOf"]): QuestionTerm[] {
  const terms = new Map<string, QuestionTerm>();
  const isEmpty = functionWordsOf(text);
  const add = (word: string, weight: number, isLiteral: boolean) => {
    const known = terms.get(word);
    if ((known && known.weight >= weight) || terms.size >= mostTerms) return;
    terms.set(word, { text: word, stem: isLiteral ? word : stemOf(word), weight, isLiteral, isPaired: isPaired(word) });
  };
  const pieces = text.match(literalPattern) ?? [];
  for (const piece of pieces) {
    const word = piece.toLowerCase().replace(/['’]s$/u, "");
    const isLiteral = /\p{N}/u.test(word) ? word.length > 1 : /[-_./:@+~]/.test(word);
    if (isPaired(word)) {
      for (const part of pairedParts(word)) {
        const isNumbered = /^[a-z0-9_.-]+$/.test(part) && /\d/.test(part) && part.length > 1;
        add(part, isNumbered ? 1 : part.length > 1 ? 0.8 : 0.3, isNumbered);
      }
      continue;
    }
    add(word, isEmpty(word) ? 0.15 : /^\d$/.test(word) ? 0.4 : 1, isLiteral);
    const parts = wordsOfKey(piece);
    if (isLiteral && parts.length > 1)
      for (const part of parts) if (part.length > 1 && !/^\d+$/.test(part)) add(part, 0.3, false);
  }
  const plain = pieces.map((piece) => piece.toLowerCase());
  for (const [index, word] of plain.entries()) {
    const next = plain[index + 1];
    const joined = `${word}${next ?? ""}`;
    if (next && joined.length <= 24 && !isEmpty(word) && !isEmpty(next) && /^\p{L}+$/u.test(joined)) add(joined, 0.5, false);
  }
  return [...terms.values()];
}

/** Overlapping pairs of characters, and known field words, of a run without blanks. */
function pairedParts(run: string): string[] {
  const characters = [...run];
  const parts = new Set<string>();
  for (const word of pairedFieldWords) if (run.includes(word)) parts.add(word);
  for (const piece of run.match(/[a-z0-9][a-z0-9_.-]*/g) ?? []) parts.add(piece);
  for (const piece of run.match(/[\p{Script=Katakana}ー]{2,}|[\p{Script=Han}]{2,4}/gu) ?? []) parts.add(piece);
  for (let index = 0; index + 1 < characters.length && parts.size < mostTerms; index++)
    parts.add(`${characters[index]}${characters[index + 1]}`);
  return [...parts];
}

function phrasesOf(normalised: string): Set<string> {
  const words = normalised.split(" ").slice(0, 400);
  const phrases = new Set<string>();
  for (let start = 0; start < words.length; start++)
    for (let length = 1; length <= longestPhraseWords && start + length <= words.length; length++)
      phrases.add(words.slice(start, start + length).join(" "));
  return phrases;
}

/** How far a negation reaches: "not yet been delivered", "without a valid email". */
const negatedReach = 4;

const negatedWordsOf = (words: readonly string[]): string[][] =>
  words.flatMap((word, at) => (negationWords.has(word) ? [words.slice(at + 1, at + 1 + negatedReach)] : []));

function comparisonsOf(text: string): Comparison[] {
  const between = [...text.matchAll(betweenPattern)].flatMap(({ groups }) => [
    ...comparisonOf(">", groups?.low, groups?.unit),
    ...comparisonOf("<", groups?.high, groups?.unit),
  ]);
  const others = comparisonPatterns.flatMap(({ pattern, operator }) =>
    [...text.matchAll(pattern)].flatMap(({ groups }) => comparisonOf(operator, groups?.value, groups?.unit)),
  );
  return [...between, ...others];
}

function comparisonOf(operator: Comparison["operator"], number = "", unit = ""): Comparison[] {
  const value = numberOf(number);
  return value === undefined ? [] : [{ operator, value, unit: unit.toLowerCase() }];
}

/** A number as people write it: `1,234.50`, `1.234,50`, `12 %`, `$5`; undefined when it is none. */
export function numberOf(text: string): number | undefined {
  const digits = endOfDigits(text);
  if (digits === text.length && digits > 0) return finite(Number(text));
  if (digits > 0 && isNoNumber(text, digits)) return undefined;
  const bare = text
    .trim()
    .replace(/^[$€£¥]\s?|\s?[%€$£¥]$|(?<=\d)\s?(?:ms|s|kb|mb|gb|kg|g|km|m|cm|mm|°c)$/giu, "")
    .replace(/[.,]$/, "");
  if (!/^[-+]?\d[\d,.]*(?:e[-+]?\d+)?$/i.test(bare)) return undefined;
  const plain = /^[-+]?\d{1,3}(?:\.\d{3})+,\d+$/.test(bare)
    ? bare.replaceAll(".", "").replace(",", ".")
    : /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(bare)
      ? bare.replaceAll(",", "")
      : bare.replace(",", ".");
  return finite(Number(plain));
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

const [zero, nine, fullStop] = [48, 57, 46];
const isDigit = (code: number): boolean => code >= zero && code <= nine;

/** Behind the digits that a text begins with, and those behind one full stop: most numbers are no more than that. */
function endOfDigits(text: string): number {
  let at = 0;
  while (isDigit(text.charCodeAt(at))) at++;
  if (at === 0 || text.charCodeAt(at) !== fullStop || !isDigit(text.charCodeAt(at + 1))) return at;
  at++;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** Times and identifiers: behind the first digits stands what is in no number, and it is not the unit that a number ends in. */
function isNoNumber(text: string, digits: number): boolean {
  const code = text.charCodeAt(digits);
  if (code === dash || code === colon || code === slash) return true;
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return isLetter && (code | 32) !== exponent && isDigit(text.charCodeAt(text.length - 1));
}

const [dash, colon, slash, exponent] = [45, 58, 47, 101];
