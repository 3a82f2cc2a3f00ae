// The piece that most texts are made of: a word of small letters, alone or behind a space, a sign or one capital.
import { type CharacterClasses, letterClass, lowerClass, otherClass, spaceClass, upperClass } from "./character-classes.ts";

export const notPlain = -1;
/** The byte that must stand behind a text, so that its end need not be asked for at every character. */
export const plainWordStop = 0;

const apostrophe = 0x27;
const asciiTable = 128;
const bytes = 256;
const prefixClass = spaceClass | otherClass;
/** Set for what ends a plain word: asciiTable, and neither letter nor apostrophe. */
const stop = 256;

/** Finds the ends of plain words, on which both patterns of OpenAI's encodings agree; the others are for the patterns. */
export class PlainWords {
  /** Class by byte, with stop; 0 for bytes of longer sequences and for the apostrophe, which may begin a contraction. */
  readonly #kinds = new Uint16Array(bytes);

  constructor({ ascii }: CharacterClasses) {
    for (let code = 0; code < asciiTable; code++) {
      const kind = ascii[code]!;
      this.#kinds[code] = code === apostrophe ? 0 : (kind & letterClass) === 0 ? kind | stop : kind;
    }
  }

  /** The end of the piece that starts at `start`, or notPlain. `text` must have plainWordStop behind its end. */
  endOf(text: Uint8Array, start: number): number {
    const kinds = this.#kinds;
    let at = start;
    if ((kinds[text[at]!]! & prefixClass) !== 0) at++;
    if ((kinds[text[at]!]! & upperClass) !== 0) at++;
    const tail = at;
    while ((kinds[text[at]!]! & lowerClass) !== 0) at++;
    return at > tail && (kinds[text[at]!]! & stop) !== 0 ? at : notPlain;
  }
}
