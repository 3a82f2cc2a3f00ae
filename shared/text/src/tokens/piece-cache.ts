// Token counts of the pieces seen last: words come back within a text, and looking in a large vocabulary or merging is dear.

/** Longer pieces are rare, and not kept. */
export const maxCachedBytes = 24;
/** Bytes that must be readable behind the end of a text: pieces are read four bytes at a time. */
export const paddingBytes = 4;
export const notKnown = 0;

const slotBits = 15;
const slotCount = 2 ** slotBits;
/** 32-bit integers of a slot: the piece's bytes, then its length and its tokens. */
const slotWords = 8;
const last = maxCachedBytes / 4;
/** What the first 0 to 4 bytes of a little-endian integer are. */
const lowBytes = Int32Array.of(0, 0xff, 0xffff, 0xffffff, -1);

/** Direct-mapped, a quarter of a megabyte: a piece takes the place of the one that was there. Hits are exact. */
export class PieceCache {
  readonly #words = new Int32Array(slotCount * slotWords);
  #slot = 0;

  /**
   * Tokens of `length` bytes from `start`, or notKnown: `set` then keeps them.
   * @param text with `paddingBytes` behind its end.
   * @param length at least 1, at most maxCachedBytes.
   */
  get(text: DataView, start: number, length: number): number {
    const words = this.#words;
    const slot = slotOf(text, start, length);
    this.#slot = slot;
    if (words[slot + last]! >>> 8 !== length) return notKnown;
    for (let offset = 0, at = slot; offset < length; offset += 4, at++) {
      if (words[at] !== wordAt(text, start, offset, length)) return notKnown;
    }
    return words[slot + last]! & 0xff;
  }

  /** Keeps the piece that `get` was last asked for. */
  set(text: DataView, start: number, length: number, tokens: number): void {
    const slot = this.#slot;
    for (let offset = 0, at = slot; offset < length; offset += 4, at++) {
      this.#words[at] = wordAt(text, start, offset, length);
    }
    this.#words[slot + last] = (length << 8) | tokens;
  }
}

function wordAt(text: DataView, start: number, offset: number, length: number): number {
  const word = text.getInt32(start + offset, true);
  return length - offset >= 4 ? word : word & lowBytes[length - offset]!;
}

function slotOf(text: DataView, start: number, length: number): number {
  let hash = 0;
  for (let offset = 0; offset < length; offset += 4) {
    hash = Math.imul(hash ^ wordAt(text, start, offset, length), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return (Math.imul(hash, 0x9e3779b1) >>> (32 - slotBits)) * slotWords;
}
