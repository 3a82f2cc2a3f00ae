// A byte-pair vocabulary: the rank of given bytes, in a few typed arrays.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseRankFile, type RankedTokens } from "./rank-file.ts";

export type EncodingName = "o200k_base" | "cl100k_base";

/** Multiplier of the polynomial hash. */
export const hashBase = 0x01000193;
export const noRank = -1;

/** Polynomial hash modulo 2^32, so that the hash of a part follows from the hashes of two prefixes. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, hashBase) + bytes[at]! + 1) | 0;
  return hash;
}

/** The low bits of a polynomial hash depend on the low bits of the bytes alone: mixed, and the high bits say the slot. */
const mixed = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);

/** Bits of a rank + 1 in a slot; the others hold as many of the hash, so that most other tokens are passed over unread. */
const rankBits = 18;
const rankMask = 2 ** rankBits - 1;
const markOf = (mixedHash: number): number => mixedHash << rankBits;

/** Holds o200k_base in 5 MB, where two hundred thousand strings in an array and a Map take 70. */
export class Vocabulary {
  readonly maxTokenBytes: number;
  readonly #bytes: Uint8Array;
  readonly #offsets: Uint32Array;
  /** An open-addressing table of mark and rank + 1; 0 is free. At most half full, so that a probe ends soon. */
  readonly #slots: Int32Array;
  readonly #shift: number;
  /** Rank of two bytes by `first << 8 | second`: what merging asks for most. */
  readonly #pairRanks = new Int32Array(65_536).fill(noRank);

  constructor({ bytes, offsets }: RankedTokens) {
    const count = offsets.length - 1;
    const bits = Math.ceil(Math.log2(count * 2));
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.#shift = 32 - bits;
    this.#slots = new Int32Array(2 ** bits);
    let longest = 0;
    for (let rank = 0; rank < count; rank++) longest = Math.max(longest, this.#insert(rank));
    this.maxTokenBytes = longest;
  }

  /** The rank of two bytes, or noRank. */
  rankOfPair(first: number, second: number): number {
    return this.#pairRanks[(first << 8) | second]!;
  }

  /**
   * The rank of `text[start .. end)`, or noRank.
   * @param hash of those bytes, as `hashOf` computes it.
   */
  rankOf(hash: number, text: Uint8Array, start: number, end: number): number {
    const slots = this.#slots;
    const last = slots.length - 1;
    const mark = markOf(mixed(hash));
    for (let slot = mixed(hash) >>> this.#shift; ; slot = (slot + 1) & last) {
      const entry = slots[slot]!;
      if (entry === 0) return noRank;
      if (((entry ^ mark) & ~rankMask) !== 0) continue;
      const rank = (entry & rankMask) - 1;
      if (this.#equals(rank, text, start, end)) return rank;
    }
  }

  #equals(rank: number, text: Uint8Array, start: number, end: number): boolean {
    const from = this.#offsets[rank]!;
    if (this.#offsets[rank + 1]! - from !== end - start) return false;
    const bytes = this.#bytes;
    for (let at = start, own = from; at < end; at++, own++) if (bytes[own] !== text[at]) return false;
    return true;
  }

  /** Returns the token's length. */
  #insert(rank: number): number {
    const start = this.#offsets[rank]!;
    const end = this.#offsets[rank + 1]!;
    const last = this.#slots.length - 1;
    const hash = mixed(hashOf(this.#bytes, start, end));
    let slot = hash >>> this.#shift;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
    this.#slots[slot] = markOf(hash) | (rank + 1);
    if (end - start === 2) this.#pairRanks[(this.#bytes[start]! << 8) | this.#bytes[start + 1]!] = rank;
    return end - start;
  }
}

/** Reads an encoding's vocabulary from the file that gpt-tokenizer publishes; a tenth of a second for o200k_base. */
export function loadVocabulary(encoding: EncodingName): Vocabulary {
  const path = fileURLToPath(import.meta.resolve(`gpt-tokenizer/data/${encoding}.tiktoken`));
  return new Vocabulary(parseRankFile(readFileSync(path)));
}
