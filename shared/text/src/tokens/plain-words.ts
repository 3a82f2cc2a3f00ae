// The piece that most texts are made of: a word of small letters, alone or behind a space, a sign or one capital.
import { type CharacterClasses, LETTER, LOWER, OTHER, SPACE, UPPER } from "./character-classes.ts";

export const NOT_PLAIN = -1;
/** The byte that must stand behind a text, so that its end need not be asked for at every character. */
export const PLAIN_WORD_STOP = 0;

const APOSTROPHE = 0x27;
const ASCII = 128;
const BYTES = 256;
const PREFIX = SPACE | OTHER;
/** Set for what ends a plain word: ASCII, and neither letter nor apostrophe. */
const STOP = 256;

/** Finds the ends of plain words, on which both patterns of OpenAI's encodings agree; the others are for the patterns. */
export class PlainWords {
  /** Class by byte, with STOP; 0 for bytes of longer sequences and for the apostrophe, which may begin a contraction. */
  readonly #kinds = new Uint16Array(BYTES);

  constructor({ ascii }: CharacterClasses) {
    for (let code = 0; code < ASCII; code++) {
      const kind = ascii[code]!;
      this.#kinds[code] = code === APOSTROPHE ? 0 : (kind & LETTER) === 0 ? kind | STOP : kind;
    }
  }

  /** The end of the piece that starts at `start`, or NOT_PLAIN. `text` must have PLAIN_WORD_STOP behind its end. */
  endOf(text: Uint8Array, start: number): number {
    const kinds = this.#kinds;
    let at = start;
    if ((kinds[text[at]!]! & PREFIX) !== 0) at++;
    if ((kinds[text[at]!]! & UPPER) !== 0) at++;
    const tail = at;
    while ((kinds[text[at]!]! & LOWER) !== 0) at++;
    return at > tail && (kinds[text[at]!]! & STOP) !== 0 ? at : NOT_PLAIN;
  }
}
