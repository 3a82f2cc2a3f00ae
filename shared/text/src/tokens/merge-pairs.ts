// Byte-pair merging of one piece: how many tokens it takes.
import { hashBase, noRank, type Vocabulary } from "./vocabulary.ts";

/**
 * Longest part that is merged as a whole. A longer piece (no letter run, number or symbol run of real text is) is cut
 * into parts of at most this many bytes at character boundaries, which keeps counting linear on hostile input; each
 * cut can change the count of that piece by a few tokens.
 */
export const maxPartBytes = 8192;

/** Up to here the lowest rank is found by looking at all; the heap pays off later. */
const scanBytes = 96;
const gone = 0x7fffffff;
const positionBits = 13; // 2^13 = maxPartBytes; with 18 bits of rank an entry of the heap is one number

/** Merges pieces with the buffers of its own, so that counting allocates nothing. */
export class PairMerger {
  readonly #vocabulary: Vocabulary;
  readonly #powers = new Int32Array(maxPartBytes + 1);
  readonly #hashes = new Int32Array(maxPartBytes + 1);
  /** Of the token that starts at a position: where it ends, where the one before starts, the rank of merging with the next. */
  readonly #ends = new Int32Array(maxPartBytes + 1);
  readonly #previous = new Int32Array(maxPartBytes + 1);
  readonly #ranks = new Int32Array(maxPartBytes + 1);
  #heap: Uint32Array | undefined;
  #heapSize = 0;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#powers[0] = 1;
    for (let index = 1; index <= maxPartBytes; index++) this.#powers[index] = Math.imul(this.#powers[index - 1]!, hashBase);
  }

  /** Tokens of `text[start .. end)`, at least one byte of well-formed UTF-8. */
  count(text: Uint8Array, start: number, end: number): number {
    let tokens = 0;
    let from = start;
    let partTokens = 0;
    let partBytes = 0;
    while (end - from > maxPartBytes) {
      let cut = from + maxPartBytes;
      while ((text[cut]! & 0xc0) === 0x80) cut--;
      const length = cut - from;
      // One character without end makes equal parts, of which one is merged.
      if (length !== partBytes || !isRepeated(text, from, length)) partTokens = this.#countPart(text, from, cut);
      partBytes = length;
      tokens += partTokens;
      from = cut;
    }
    return tokens + this.#countPart(text, from, end);
  }

  #countPart(text: Uint8Array, start: number, end: number): number {
    const length = end - start;
    this.#prepare(text, start, length);
    return length <= scanBytes ? this.#mergeByScan(text, start, length) : this.#mergeByHeap(text, start, length);
  }

  #prepare(text: Uint8Array, start: number, length: number): void {
    const hashes = this.#hashes;
    let hash = 0;
    for (let at = 0; at < length; at++) {
      hash = (Math.imul(hash, hashBase) + text[start + at]! + 1) | 0;
      hashes[at + 1] = hash;
      this.#ends[at] = at + 1;
      this.#previous[at] = at - 1;
    }
    for (let at = 0; at + 1 < length; at++) {
      const rank = this.#vocabulary.rankOfPair(text[start + at]!, text[start + at + 1]!);
      this.#ranks[at] = rank === noRank ? gone : rank;
    }
    this.#ranks[length - 1] = gone;
  }

  /** The rank of what the token at `at` and the next one make together; gone when that is no token. */
  #rankOfPair(text: Uint8Array, start: number, at: number, length: number): number {
    const middle = this.#ends[at]!;
    if (middle >= length) return gone;
    const end = this.#ends[middle]!;
    if (end - at > this.#vocabulary.maxTokenBytes) return gone;
    const hash = (this.#hashes[end]! - Math.imul(this.#hashes[at]!, this.#powers[end - at]!)) | 0;
    const rank = this.#vocabulary.rankOf(hash, text, start + at, start + end);
    return rank === noRank ? gone : rank;
  }

  /** Joins the token at `at` with the next; the ranks of the pairs it is part of are those of the new token. */
  #join(text: Uint8Array, start: number, at: number, length: number): void {
    const middle = this.#ends[at]!;
    const end = this.#ends[middle]!;
    this.#ends[at] = end;
    this.#ranks[middle] = gone;
    if (end < length) this.#previous[end] = at;
    this.#ranks[at] = this.#rankOfPair(text, start, at, length);
    const before = this.#previous[at]!;
    if (before >= 0) this.#ranks[before] = this.#rankOfPair(text, start, before, length);
  }

  #mergeByScan(text: Uint8Array, start: number, length: number): number {
    let tokens = length;
    for (;;) {
      let lowest = gone;
      let lowestAt = 0;
      for (let at = 0; at < length; at = this.#ends[at]!) {
        const rank = this.#ranks[at]!;
        if (rank < lowest) {
          lowest = rank;
          lowestAt = at;
        }
      }
      if (lowest === gone) return tokens;
      this.#join(text, start, lowestAt, length);
      tokens--;
    }
  }

  /** An entry of the heap whose rank is no longer that of its position is out of date and passed over. */
  #mergeByHeap(text: Uint8Array, start: number, length: number): number {
    this.#heap ??= new Uint32Array(maxPartBytes * 3);
    this.#heapSize = 0;
    for (let at = 0; at < length; at++) this.#push(at);
    let tokens = length;
    while (this.#heapSize > 0) {
      const entry = this.#pop();
      const at = entry & (maxPartBytes - 1);
      if (this.#ranks[at] !== entry >>> positionBits) continue;
      this.#join(text, start, at, length);
      tokens--;
      this.#push(at);
      const before = this.#previous[at]!;
      if (before >= 0) this.#push(before);
    }
    return tokens;
  }

  #push(at: number): void {
    const rank = this.#ranks[at]!;
    if (rank === gone) return;
    const heap = this.#heap!;
    const entry = ((rank << positionBits) | at) >>> 0;
    let hole = this.#heapSize++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (heap[parent]! <= entry) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = entry;
  }

  #pop(): number {
    const heap = this.#heap!;
    const top = heap[0]!;
    const moved = heap[--this.#heapSize]!;
    const size = this.#heapSize;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= moved) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = moved;
    return top;
  }
}

/** Whether the `length` bytes from `start` on are the `length` bytes before it. */
function isRepeated(text: Uint8Array, start: number, length: number): boolean {
  for (let at = start; at < start + length; at++) if (text[at] !== text[at - length]) return false;
  return true;
}
