// Words of asciiTable letters and digits that were met before: found by their packed characters, without making strings.

/** Longest word that V8 copies out of its text. A longer substring would keep the whole text for as long as itself is kept. */
export const maxKeptLength = 12;
/** A word is packed into three integers of four characters. */
export const partLength = 4;
export const characterBits = 8;

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
/** By code unit: 1 to 36 for letters of ASCII, whatever their case, and digits; 0 for what stands between words, and all others. */
export const packedCodes = new Uint8Array(65_536);
for (const [at, character] of [...alphabet].entries()) {
  packedCodes[character.charCodeAt(0)] = at + 1;
  packedCodes[character.toUpperCase().charCodeAt(0)] = at + 1;
}

/** What a function word has. */
const noTerm = -1;
/** What a word with a number in it has: its terms are found by the word itself. */
export const severalTerms = -2;

const slotBits = 14;
const slotCount = 2 ** slotBits;
const partsOfSlot = 3;

/** Direct-mapped: a word takes the place of the one that was there. Hits are exact. */
export class WordTable {
  readonly #parts = new Int32Array(slotCount * partsOfSlot);
  readonly #terms: (readonly string[])[] = new Array(slotCount).fill([]);
  /** Whose id of the term stands in `ids`: each vocabulary numbers terms of its own. */
  readonly #owners = new Int32Array(slotCount);
  readonly #ids = new Int32Array(slotCount);
  #lastOwner = 0;

  newOwner(): number {
    return ++this.#lastOwner;
  }

  /** The slot of a word, or `~slot` for the one that `put` may fill with it. */
  find(first: number, second: number, third: number): number {
    const hash = Math.imul(Math.imul(Math.imul(first, 0x85ebca6b) ^ second, 0xc2b2ae35) ^ third, 0x9e3779b1);
    const slot = (hash ^ (hash >>> 15)) & (slotCount - 1);
    const parts = this.#parts;
    const at = slot * partsOfSlot;
    return parts[at] === first && parts[at + 1] === second && parts[at + 2] === third ? slot : ~slot;
  }

  /** @param terms none for a function word. */
  put(slot: number, first: number, second: number, third: number, terms: readonly string[]): void {
    this.#parts.set([first, second, third], slot * partsOfSlot);
    this.#terms[slot] = terms;
    this.#owners[slot] = 0;
  }

  /** The owner's id of the word's term, or noTerm, or severalTerms. @param intern what makes one. */
  idOf(slot: number, owner: number, intern: (term: string) => number): number {
    if (this.#owners[slot] !== owner) {
      const terms = this.#terms[slot]!;
      this.#ids[slot] = terms.length > 1 ? severalTerms : terms.length === 0 ? noTerm : intern(terms[0]!);
      this.#owners[slot] = owner;
    }
    return this.#ids[slot]!;
  }
}
