// Finds the words of a question in values: one pass of one pattern over each text.
import type { Question, QuestionTerm } from "@nocp/text/questions/question.ts";
import { isPaired, isSpaceless } from "@nocp/text/words/scripts.ts";
import { normalisedText } from "@nocp/text/words/split-words.ts";
import { numbersInWord } from "@nocp/text/words/word-terms.ts";

export interface ValueMatch {
  /** Index into the question's terms. */
  readonly term: number;
  /** 0 to 1: the whole value is named by the question, or how much of it is. */
  readonly strength: number;
  /** The whole value stands in the question. */
  readonly isWhole: boolean;
}

export type ValueMatcher = (text: string) => readonly ValueMatch[];

const noMatches: readonly ValueMatch[] = [];
/** Longer values are never named as a whole. */
const longestNamedValue = 160;

const isWordCode = (code: number): boolean =>
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  (code > 127 && /[\p{L}\p{M}\p{N}]/u.test(String.fromCharCode(code)));

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** What of a term is looked for: a literal as it stands, of a word what its other forms have as well (`compan`, `بيت`). */
function soughtText({ text, stem, isLiteral, isPaired: hasPairs }: QuestionTerm): string {
  if (isLiteral || hasPairs) return text;
  if (stem.length > 1 && text.includes(stem) && !text.startsWith(stem)) return stem;
  let common = 0;
  while (common < stem.length && stem[common] === text[common]) common++;
  return common < 3 ? text : text.slice(0, common);
}

/** @returns a function from a value's text to the terms found in it, each at most once. */
export function createValueMatcher(question: Question): ValueMatcher {
  const termOfText = new Map<string, number>();
  for (const [index, term] of question.terms.entries()) {
    const sought = soughtText(term);
    const isShort = [...sought].length < 2;
    if (term.weight >= 0.3 && (!isShort || /^\d$/.test(sought)) && !termOfText.has(sought)) termOfText.set(sought, index);
  }
  if (termOfText.size === 0) return () => noMatches;
  const texts = [...termOfText.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(texts.map(escapePattern).join("|"), "gi");

  return (text) => {
    pattern.lastIndex = 0;
    let found = pattern.exec(text);
    if (found === null) return noMatches;
    const matches = new Map<number, number>();
    for (; found !== null; found = pattern.exec(text)) {
      const index = termOfText.get(found[0].toLowerCase());
      const term = index === undefined ? undefined : question.terms[index];
      if (index === undefined || term === undefined) continue;
      const share = matchedShare(text, found.index, found[0].length, term, question);
      if (share > 0) matches.set(index, Math.max(matches.get(index) ?? 0, share));
      else pattern.lastIndex = found.index + 1;
    }
    if (matches.size === 0) return noMatches;
    const isWhole = text.length <= longestNamedValue && isNamed(normalisedText(text), question);
    const isOneWord = text.length < 32 && /^\p{L}+$/u.test(text);
    return [...matches].flatMap(([term, share]): ValueMatch[] => {
      const isDigit = /^\d$/.test(question.terms[term]?.text ?? "");
      if (isWhole) return [{ term, strength: 1, isWhole }];
      if (isOneWord && share > 0.5 && !isDigit && !question.terms[term]?.isLiteral)
        return [{ term, strength: 0.9, isWhole: true }];
      return isDigit ? [] : [{ term, strength: (question.terms[term]?.isLiteral ? 0.8 : 0.35) + 0.2 * share, isWhole }];
    });
  };
}

/** Whether the question holds the whole value; between words where its script sets them apart. */
const isNamed = (normalised: string, question: Question): boolean =>
  question.phrases.has(normalised) || (normalised.length > 1 && isPaired(normalised) && question.text.includes(normalised));

/** Whether no word of letters and digits goes on at a place. */
const isUnspaced = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return Number.isNaN(code) || !isWordCode(code) || isSpaceless(text.charAt(at));
};

/** More than an inflection puts before or behind what words have in common. */
const maxAffix = 6;

/** Share of the text that the match covers; 0 when the match is only a part of another word. */
function matchedShare(
  text: string,
  at: number,
  length: number,
  { stem, isLiteral, isPaired: hasPairs }: QuestionTerm,
  { stemOf }: Question,
): number {
  if (hasPairs) return length / text.length;
  const isOther = stem.charCodeAt(0) > 127;
  let start = at;
  let end = at + length;
  while (start > 0 && at - start < maxAffix && isWordCode(text.charCodeAt(start - 1))) start--;
  while (end < text.length && end - at - length < maxAffix && isWordCode(text.charCodeAt(end))) end++;
  // A number between characters of a script without spaces is a word by itself.
  if (isLiteral && isUnspaced(text, at - 1) && isUnspaced(text, at + length)) return length / text.length;
  const rest = end - at - length;
  if (start === at && rest === 0) return length / text.length;
  if (isNumberOfWord(text, at, at + length)) return length / text.length;
  if (isLiteral || (start < at && !isOther)) return 0;
  const isSame = stemOf(text.slice(start, end).toLowerCase()) === stem;
  return isSame || (start === at && stem.length >= 4 && rest <= 3) ? length / text.length : 0;
}

const isDigitCode = (code: number): boolean => code >= 48 && code <= 57;
/** A longer run of letters and digits is a digest or a token. */
const longestNumberedWord = 32;

/** Whether a part of a text is a whole number within a word, as in `A4268`. */
function isNumberOfWord(text: string, at: number, end: number): boolean {
  if (!isDigitCode(text.charCodeAt(at)) || isDigitCode(text.charCodeAt(at - 1)) || isDigitCode(text.charCodeAt(end)))
    return false;
  let start = at;
  let stop = end;
  while (start > 0 && end - start <= longestNumberedWord && isWordCode(text.charCodeAt(start - 1))) start--;
  while (stop < text.length && stop - at <= longestNumberedWord && isWordCode(text.charCodeAt(stop))) stop++;
  return stop - start <= longestNumberedWord && numbersInWord(text.slice(start, stop)).includes(text.slice(at, end));
}
