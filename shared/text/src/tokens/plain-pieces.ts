// The pieces that most texts are made of, all in ASCII: words of small letters or of capitals, numbers, signs, single line breaks.
import { type CharacterClasses, letterClass, lowerClass, otherClass, spaceClass, upperClass } from "./character-classes.ts";

export const notPlain = -1;
/** The byte that must stand behind a text, so that its end need not be asked for at every character. */
export const textStop = 0;

const [lineFeed, carriageReturn, space, apostrophe, slash, zero, nine] = [10, 13, 32, 0x27, 0x2f, 48, 57];
const asciiTable = 128;
const bytes = 256;
const prefixClass = spaceClass | otherClass;
/** Set for what ends a plain word: asciiTable, and neither letter nor apostrophe. */
const stop = 256;

const isDigit = (byte: number): boolean => byte >= zero && byte <= nine;

/** Finds the ends of plain pieces, on which both patterns of OpenAI's encodings agree; the others are for the patterns. */
export class PlainPieces {
  /** Class by byte, with stop; 0 for bytes of longer sequences and for the apostrophe, which may begin a contraction. */
  readonly #kinds = new Uint16Array(bytes);
  /** 1 for signs, by byte. */
  readonly #signs = new Uint8Array(bytes);
  readonly #takesSlashes: boolean;

  /** @param takesSlashes whether slashes behind signs and line breaks belong to their piece. */
  constructor({ ascii }: CharacterClasses, takesSlashes: boolean) {
    this.#takesSlashes = takesSlashes;
    for (let code = 0; code < asciiTable; code++) {
      const kind = ascii[code]!;
      this.#kinds[code] = code === apostrophe ? 0 : (kind & letterClass) === 0 ? kind | stop : kind;
      // The stop is a sign, and no text goes on behind it.
      this.#signs[code] = kind === otherClass && code !== textStop ? 1 : 0;
    }
  }

  /** The end of a word that starts at `start`, alone or behind a blank or a sign, or notPlain. `text` must have textStop behind its end. */
  endOfWord(text: Uint8Array, start: number): number {
    const kinds = this.#kinds;
    let at = start;
    if ((kinds[text[at]!]! & prefixClass) !== 0) at++;
    const capital = at;
    if ((kinds[text[at]!]! & upperClass) !== 0) at++;
    const tail = at;
    while ((kinds[text[at]!]! & lowerClass) !== 0) at++;
    if (at === tail) {
      if (tail === capital) return notPlain;
      while ((kinds[text[at]!]! & upperClass) !== 0) at++;
    }
    return (kinds[text[at]!]! & stop) !== 0 ? at : notPlain;
  }

  /** The same of up to three digits, of signs with the line breaks behind them, of a blank before a digit, and of a line break. */
  endOfOther(text: Uint8Array, start: number): number {
    const first = text[start]!;
    const next = text[start + 1]!;
    if (isDigit(first)) {
      if (!isDigit(next)) return next < asciiTable ? start + 1 : notPlain;
      const third = text[start + 2]!;
      return isDigit(third) ? start + 3 : third < asciiTable ? start + 2 : notPlain;
    }
    if (first === space && isDigit(next)) return start + 1;
    if (first === lineFeed) return next < asciiTable && (this.#kinds[next]! & letterClass) !== 0 ? start + 1 : notPlain;
    return this.#endOfSigns(text, start, first === space ? start + 1 : start);
  }

  #endOfSigns(text: Uint8Array, start: number, from: number): number {
    const signs = this.#signs;
    let at = from;
    while (signs[text[at]!] === 1) at++;
    if (at === from || text[at]! >= asciiTable || text[at] === textStop) return notPlain;
    // A letter takes the one sign before it.
    if (at === start + 1 && (this.#kinds[text[at]!]! & letterClass) !== 0 && from === start) return notPlain;
    while (text[at] === lineFeed || text[at] === carriageReturn || (this.#takesSlashes && text[at] === slash)) at++;
    return at;
  }
}
