// Terms of texts as small integers: what the ranking index is built from.
import { isOfSingleUnits, isPaired } from "./scripts.ts";
import { characterBits, maxKeptLength, packedCodes, partLength, severalTerms, WordTable } from "./word-table.ts";
import { foldPaired, termsOfAsciiWord, termsOfWord, wordPattern } from "./word-terms.ts";

export interface Vocabulary {
  /** Appends the ids of the terms of `text[start .. end)`, all of it by default, in order, to `ids`. Linear in that part. */
  append(text: string, ids: number[], start?: number, end?: number): void;
  /** The distinct terms so far; ids are below it. */
  readonly size: () => number;
  readonly term: (id: number) => string;
}

/** Longer words are no words: they are cut so that one hostile run costs no more than others. */
const maxWordLength = 64;
const asciiEnd = 128;

/** One for all vocabularies of the process: the same words come in every text. */
const table = new WordTable();
/** Terms of words that the table cannot hold; emptied when it is full. */
const termsOfWords = new Map<string, readonly string[]>();
const maxKeptWords = 8192;

function keptTermsOf(word: string): readonly string[] {
  const kept = termsOfWords.get(word);
  if (kept) return kept;
  const terms = termsOfWord(word);
  if (word.length > maxKeptLength) return terms;
  if (termsOfWords.size >= maxKeptWords) termsOfWords.clear();
  termsOfWords.set(word, terms);
  return terms;
}

/** @returns a vocabulary that lives as long as one compression. */
export function createVocabulary(): Vocabulary {
  const terms = new NumberedTerms();
  return {
    append: (text, ids, start = 0, end = text.length) => terms.append(text, ids, start, end),
    size: () => terms.terms.length,
    term: (id) => terms.terms[id] ?? "",
  };
}

class NumberedTerms {
  readonly terms: string[] = [];
  readonly #owner = table.newOwner();
  readonly #idOfTerm = new Map<string, number>();
  /** Ids by word for those that are not in the table: a word is folded and cut once, however often it stands there. */
  readonly #idsOfWord = new Map<string, readonly number[]>();
  readonly #idOfPair = new Map<number, number>();
  readonly #words = wordPattern();
  readonly #intern = (term: string): number => {
    let id = this.#idOfTerm.get(term);
    if (id === undefined) {
      id = this.terms.length;
      this.#idOfTerm.set(term, id);
      this.terms.push(term);
    }
    return id;
  };

  append(text: string, ids: number[], start: number, end: number): void {
    let at = start;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code >= asciiEnd) {
        const runEnd = endOfRun(text, at, end);
        this.#appendRun(text.slice(at, runEnd), ids);
        at = runEnd;
      } else if (packedCodes[code] === 0) at++;
      else at = this.#appendAscii(text, at, end, ids);
    }
  }

  /** Appends the word of asciiTable that starts at `start`. Returns where it ends. */
  #appendAscii(text: string, start: number, end: number, ids: number[]): number {
    const limit = Math.min(end, start + maxWordLength);
    let first = 0;
    let second = 0;
    let third = 0;
    let at = start;
    let code = packedCodes[text.charCodeAt(at)]!;
    for (const partEnd = Math.min(limit, start + partLength); code !== 0; ) {
      first = (first << characterBits) | code;
      code = ++at < limit ? packedCodes[text.charCodeAt(at)]! : 0;
      if (at === partEnd) break;
    }
    for (const partEnd = Math.min(limit, start + 2 * partLength); code !== 0; ) {
      second = (second << characterBits) | code;
      code = ++at < limit ? packedCodes[text.charCodeAt(at)]! : 0;
      if (at === partEnd) break;
    }
    // What a third part cannot hold is a word of its own: the rest is only passed over.
    for (; code !== 0; code = ++at < limit ? packedCodes[text.charCodeAt(at)]! : 0) third = (third << characterBits) | code;
    if (at < end && text.charCodeAt(at) >= asciiEnd) {
      const runEnd = endOfRun(text, at, end);
      this.#appendRun(text.slice(start, runEnd), ids);
      return runEnd;
    }
    if (at - start > maxKeptLength) {
      this.#appendWord(text.slice(start, at), ids);
      return at;
    }
    let slot = table.find(first, second, third);
    if (slot < 0) {
      slot = ~slot;
      table.put(slot, first, second, third, termsOfAsciiWord(text.slice(start, at).toLowerCase()));
    }
    const id = table.idOf(slot, this.#owner, this.#intern);
    if (id >= 0) ids.push(id);
    else if (id === severalTerms) this.#appendWord(text.slice(start, at), ids);
    return at;
  }

  /** A run with characters beyond asciiTable in it. */
  #appendRun(run: string, ids: number[]): void {
    for (const [word] of run.matchAll(this.#words)) {
      for (let at = 0; at < word.length; at += maxWordLength) {
        const part = word.length <= maxWordLength ? word : word.slice(at, at + maxWordLength);
        const folded = isPaired(part) ? foldPaired(part) : "";
        if (folded.length > 1 && isOfSingleUnits(folded)) this.#appendPairs(folded, ids);
        else this.#appendWord(part, ids);
      }
    }
  }

  #appendWord(word: string, ids: number[]): void {
    let found = this.#idsOfWord.get(word);
    if (found === undefined) {
      found = keptTermsOf(word).map(this.#intern);
      this.#idsOfWord.set(word, found);
    }
    for (let at = 0; at < found.length; at++) ids.push(found[at]!);
  }

  #appendPairs(word: string, ids: number[]): void {
    for (let at = 0; at + 1 < word.length; at++) {
      const pair = (word.charCodeAt(at) << 16) | word.charCodeAt(at + 1);
      let id = this.#idOfPair.get(pair);
      if (id === undefined) {
        id = this.#intern(word.slice(at, at + 2));
        this.#idOfPair.set(pair, id);
      }
      ids.push(id);
    }
  }
}

/** Where the next word of asciiTable begins that touches nothing beyond asciiTable. */
function endOfRun(text: string, from: number, end: number): number {
  let isBetweenWords = false;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    const isAsciiWord = code < asciiEnd && packedCodes[code] !== 0;
    if (isAsciiWord && isBetweenWords) return at;
    isBetweenWords = code < asciiEnd && !isAsciiWord;
  }
  return end;
}
