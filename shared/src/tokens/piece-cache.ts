// Token counts of the pieces that were merged last: names and numbers come back within a text, and merging is dear.

/** Longer pieces are rare, and not kept. */
const MAX_PIECE_BYTES = 24;
const SLOT_BITS = 13;
const SLOTS = 2 ** SLOT_BITS;
export const NOT_KNOWN = 0;

/** Direct-mapped: a piece takes the place of the one that was there. Every hit is compared byte by byte. */
export class PieceCache {
  readonly #hashes = new Int32Array(SLOTS);
  readonly #lengths = new Uint8Array(SLOTS);
  readonly #tokens = new Uint8Array(SLOTS);
  readonly #bytes = new Uint8Array(SLOTS * MAX_PIECE_BYTES);

  /** Tokens of `text[start .. end)`, or NOT_KNOWN. @param hash of those bytes, as `hashOf` computes it. */
  get(hash: number, text: Uint8Array, start: number, end: number): number {
    const slot = slotOf(hash);
    const length = end - start;
    if (this.#hashes[slot] !== hash || this.#lengths[slot] !== length) return NOT_KNOWN;
    const bytes = this.#bytes;
    for (let at = 0, own = slot * MAX_PIECE_BYTES; at < length; at++, own++)
      if (bytes[own] !== text[start + at]) return NOT_KNOWN;
    return this.#tokens[slot]!;
  }

  set(hash: number, text: Uint8Array, start: number, end: number, tokens: number): void {
    const length = end - start;
    if (length > MAX_PIECE_BYTES) return;
    const slot = slotOf(hash);
    this.#hashes[slot] = hash;
    this.#lengths[slot] = length;
    this.#tokens[slot] = tokens;
    for (let at = start, own = slot * MAX_PIECE_BYTES; at < end; at++, own++) this.#bytes[own] = text[at]!;
  }
}

const slotOf = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> (32 - SLOT_BITS);
