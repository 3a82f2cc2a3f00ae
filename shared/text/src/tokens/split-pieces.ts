// Pre-tokenization: where one piece of a text ends and the next begins, as OpenAI's patterns say, in one pass over UTF-8.
import {
  blankClass,
  type CharacterClasses,
  classAt,
  letterClass,
  lowerClass,
  markClass,
  newlineClass,
  numberClass,
  otherClass,
  sequenceLength,
  spaceClass,
  uncasedClass,
  upperClass,
} from "./character-classes.ts";

/**
 * The end of the piece that starts at `start`, always greater than it.
 * @param bytes well-formed UTF-8 (a lone surrogate as U+FFFD, which is of its class).
 */
export type FindPieceEnd = (classes: CharacterClasses, bytes: Uint8Array, start: number, end: number) => number;

const none = -1;
const spaceByte = 0x20;
const slash = 0x2f;
const apostrophe = 0x27;

const wordHead = upperClass | uncasedClass | markClass;
const wordTail = lowerClass | uncasedClass | markClass;
const symbolClass = otherClass | markClass;
/** What may stand before a word and belongs to it: anything but a newline, a letter or a number. */
const prefixClass = spaceClass | otherClass | markClass;

/**
 * o200k_base: words split where case rises, up to three digits, symbols with newlines and slashes after them, blanks.
 * Follows the alternatives of tiktoken's `pat_str` in their order, including where each would backtrack to.
 */
export const findPieceEndO200k: FindPieceEnd = (classes, bytes, start, end) => {
  const first = classAt(classes, bytes, start);
  const next = start + sequenceLength(bytes[start]!);
  const prefixed = (first & prefixClass) !== 0;
  // Only a letter or a mark, here or behind a prefix, can begin a word.
  const second = prefixed && next < end ? classAt(classes, bytes, next) : 0;
  if (((first | second) & (letterClass | markClass)) !== 0) {
    let word = prefixed ? lowerWordEnd(classes, bytes, next, end) : none;
    if (word === none) word = lowerWordEnd(classes, bytes, start, end);
    if (word === none && prefixed) word = upperWordEnd(classes, bytes, next, end);
    if (word === none) word = upperWordEnd(classes, bytes, start, end);
    if (word !== none) return contractionEnd(bytes, word, end);
  }
  if ((first & numberClass) !== 0) return numberEnd(classes, bytes, start, end);
  const symbols = symbolsEnd(classes, bytes, start, end, true);
  return symbols === none ? blanksEnd(classes, bytes, start, end) : symbols;
};

/** cl100k_base: contractions, words whatever their case, up to three digits, symbols with newlines after them, blanks. */
export const findPieceEndCl100k: FindPieceEnd = (classes, bytes, start, end) => {
  const contraction = contractionEnd(bytes, start, end);
  if (contraction > start) return contraction;
  const first = classAt(classes, bytes, start);
  const next = start + sequenceLength(bytes[start]!);
  if ((first & letterClass) !== 0) return runEnd(classes, bytes, next, end, letterClass);
  if ((first & prefixClass) !== 0 && next < end && (classAt(classes, bytes, next) & letterClass) !== 0) {
    return runEnd(classes, bytes, next, end, letterClass);
  }
  if ((first & numberClass) !== 0) return numberEnd(classes, bytes, start, end);
  const symbols = symbolsEnd(classes, bytes, start, end, false);
  return symbols === none ? blanksEnd(classes, bytes, start, end) : symbols;
};

function runEnd(classes: CharacterClasses, bytes: Uint8Array, start: number, end: number, mask: number): number {
  let at = start;
  while (at < end && (classAt(classes, bytes, at) & mask) !== 0) at += sequenceLength(bytes[at]!);
  return at;
}

/** `[head]*[tail]+`: where no tail follows the heads, the last head that is a tail as well ends the word. */
function lowerWordEnd(classes: CharacterClasses, bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let afterLastTail = none;
  while (at < end) {
    const kind = classAt(classes, bytes, at);
    if ((kind & wordHead) === 0) break;
    at += sequenceLength(bytes[at]!);
    if ((kind & wordTail) !== 0) afterLastTail = at;
  }
  const tailEnd = runEnd(classes, bytes, at, end, wordTail);
  return tailEnd > at ? tailEnd : afterLastTail;
}

/** `[head]+[tail]*`. */
function upperWordEnd(classes: CharacterClasses, bytes: Uint8Array, start: number, end: number): number {
  const at = runEnd(classes, bytes, start, end, wordHead);
  return at === start ? none : runEnd(classes, bytes, at, end, wordTail);
}

/** Behind `'s 't 'd 'm 're 've 'll` in any case if one stands at `at`, else `at`. */
function contractionEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end || bytes[at] !== apostrophe) return at;
  const first = String.fromCharCode(bytes[at + 1]! | 0x20);
  if (bytes[at + 1]! < 0x41 || bytes[at + 1]! > 0x7a) return at;
  if (first === "s" || first === "t" || first === "d" || first === "m") return at + 2;
  if (at + 2 >= end || bytes[at + 2]! < 0x41 || bytes[at + 2]! > 0x7a) return at;
  const pair = first + String.fromCharCode(bytes[at + 2]! | 0x20);
  return pair === "re" || pair === "ve" || pair === "ll" ? at + 3 : at;
}

function numberEnd(classes: CharacterClasses, bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let digits = 0; digits < 3 && at < end && (classAt(classes, bytes, at) & numberClass) !== 0; digits++) {
    at += sequenceLength(bytes[at]!);
  }
  return at;
}

/** ` ?[symbol]+[\r\n]*`, with `/` among the last where `slashes`. */
function symbolsEnd(classes: CharacterClasses, bytes: Uint8Array, start: number, end: number, slashes: boolean): number {
  const from = bytes[start] === spaceByte ? start + 1 : start;
  let at = runEnd(classes, bytes, from, end, symbolClass);
  if (at === from) return none;
  while (at < end && ((classAt(classes, bytes, at) & newlineClass) !== 0 || (slashes && bytes[at] === slash))) at++;
  return at;
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+`: to the last newline of the run; else all of it, but for one blank before other text. */
function blanksEnd(classes: CharacterClasses, bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let last = start;
  let afterNewline = none;
  while (at < end) {
    const kind = classAt(classes, bytes, at);
    if ((kind & blankClass) === 0) break;
    last = at;
    at += sequenceLength(bytes[at]!);
    if ((kind & newlineClass) !== 0) afterNewline = at;
  }
  if (afterNewline !== none) return afterNewline;
  return at === end || last === start ? at : last;
}
