// Terms of texts as small integers: what the ranking index is built from. Knows scripts, not languages.
import { stemEnglish } from "./stem-english.ts";

export interface Vocabulary {
  /** Appends the ids of the terms of `text[start .. end)`, all of it by default, in order, to `ids`. Linear in that part. */
  append(text: string, ids: number[], start?: number, end?: number): void;
  /** The distinct terms so far; ids are below it. */
  readonly size: () => number;
  readonly term: (id: number) => string;
}

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
const wordPattern = () => new RegExp(`[${unspacedScripts}]+|[[\\p{L}\\p{N}\\p{M}]--[${unspacedScripts}]]+`, "gv");
const unspacedWord = new RegExp(`^[${unspacedScripts}]`, "v");
const latinWord = /^[a-z0-9]+$/;
const nonAscii = /\P{ASCII}/u;
const wordWithinMarks = /\p{M}+/gu;

/** Longer words are no words: they are cut so that one hostile run costs no more than others. */
const maxWordLength = 64;
/** Inflected words of other alphabets meet in their runs of four characters (McNamee and Mayfield, 2004). */
const gramLength = 4;

/** @returns a vocabulary that lives as long as one compression. */
export function createVocabulary(): Vocabulary {
  const idOfTerm = new Map<string, number>();
  const terms: string[] = [];
  /** Ids by surface form: a word is normalised and stemmed once, however often it stands there. */
  const idsOfSurface = new Map<string, readonly number[]>();
  const words = wordPattern();

  const intern = (term: string): number => {
    let id = idOfTerm.get(term);
    if (id === undefined) {
      id = terms.length;
      idOfTerm.set(term, id);
      terms.push(term);
    }
    return id;
  };
  const appendWord = (surface: string, ids: number[]) => {
    let found = idsOfSurface.get(surface);
    if (found === undefined) {
      found = termsOfWord(surface).map(intern);
      idsOfSurface.set(surface, found);
    }
    for (let at = 0; at < found.length; at++) ids.push(found[at] as number);
  };
  /** Words of ASCII by hash, so that one that was seen before is found without making a string of it. */
  const wordsOfHash = new Map<number, { readonly surface: string; readonly ids: readonly number[] }>();
  const appendHashed = (text: string, start: number, end: number, hash: number, ids: number[]) => {
    const known = wordsOfHash.get(hash);
    if (known !== undefined && known.surface.length === end - start && text.startsWith(known.surface, start)) {
      for (let at = 0; at < known.ids.length; at++) ids.push(known.ids[at] as number);
      return;
    }
    const surface = text.slice(start, end);
    appendWord(surface, ids);
    if (known === undefined) wordsOfHash.set(hash, { surface, ids: idsOfSurface.get(surface) ?? [] });
  };
  const appendAscii = (text: string, ids: number[], from: number, end: number) => {
    let start = -1;
    let hash = 0;
    for (let at = from; at <= end; at++) {
      const code = at < end ? text.charCodeAt(at) : 32;
      const inside = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
      if (start >= 0 && (!inside || at - start >= maxWordLength)) {
        appendHashed(text, start, at, hash, ids);
        start = -1;
      }
      if (!inside) continue;
      if (start < 0) {
        start = at;
        hash = 0;
      }
      hash = (Math.imul(hash, 31) + code) | 0;
    }
  };

  /** A text is asked for part by part: what is known of it is kept until another comes. */
  let lastText = "";
  let lastIsAscii = true;
  const isAscii = (text: string): boolean => {
    if (text !== lastText) {
      lastText = text;
      lastIsAscii = !nonAscii.test(text);
    }
    return lastIsAscii;
  };

  return {
    append(text, ids, start = 0, end = text.length) {
      if (isAscii(text)) return appendAscii(text, ids, start, end);
      for (const [word] of text.slice(start, end).matchAll(words)) {
        for (let at = 0; at < word.length; at += maxWordLength) appendWord(word.slice(at, at + maxWordLength), ids);
      }
    },
    size: () => terms.length,
    term: (id) => terms[id] ?? "",
  };
}

/** Inflection that the stemming does not know ends after the root; words with digits are names and stay whole. */
const rootLength = 6;
const hasDigit = /[0-9]/;

const rootOf = (word: string): string => (hasDigit.test(word) ? word : stemEnglish(word).slice(0, rootLength));

/** The terms of one word of one script; none for a function word. */
function termsOfWord(surface: string): string[] {
  if (!nonAscii.test(surface)) {
    const lower = surface.toLowerCase();
    return functionWords.has(lower) ? [] : [rootOf(lower)];
  }
  const word = surface.normalize("NFKD").replace(wordWithinMarks, "").toLowerCase();
  if (latinWord.test(word)) return functionWords.has(word) ? [] : [rootOf(word)];
  const characters = [...surface.normalize("NFKC").toLowerCase()];
  if (unspacedWord.test(surface)) return characters.length < 2 ? characters : grams(characters, 2);
  const plain = [...word];
  return plain.length <= gramLength ? (plain.length === 0 ? [] : [word]) : grams(plain, gramLength);
}

const grams = (characters: readonly string[], length: number): string[] =>
  Array.from({ length: characters.length - length + 1 }, (_, at) => characters.slice(at, at + length).join(""));
