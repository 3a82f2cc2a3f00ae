// Texts that say what an earlier one says: the same words in the same order, or nearly, with no word or number of their own.
import { fnvPrime, hashWords, type WordHashes } from "./hash-words.ts";

export interface TextUnit {
  readonly text: string;
  /** The item that the text is of, or is part of. */
  readonly owner: number;
  /** Of the text, where they are known already. */
  readonly words?: WordHashes;
}

export interface Repetition<U extends TextUnit> {
  readonly unit: U;
  /** The earlier text that says it. */
  readonly kept: U;
}

/** Words in a shingle. */
const shingleWords = 4;
/** Of a nearly repeated text's shingles at least this share stands in the kept one. */
const minContainment = 0.9;
/** Smallest hashes kept of a text, so that two texts that share most shingles share one of these. */
const sketchSize = 8;
/** Earlier texts compared with one text at most, and longest text compared word by word: keeps the time linear. */
const maxCompared = 16;
const maxComparedCharacters = 100_000;

/** @returns the units that repeat an earlier one, in their order. Time grows linearly with the text. */
export function findRepetitions<U extends TextUnit>(units: readonly U[]): Repetition<U>[] {
  const byText = new Map<string, U>();
  const bySketch = new Map<number, Sketched<U>[]>();
  const repetitions: Repetition<U>[] = [];
  for (const unit of units) {
    const normal = unit.text.trim();
    const same = byText.get(normal);
    if (same) {
      repetitions.push({ unit, kept: same });
      continue;
    }
    byText.set(normal, unit);
    if (normal.length > maxComparedCharacters) continue;
    const sketched = sketchOf(unit);
    const near = nearest(sketched, bySketch);
    if (near) {
      repetitions.push({ unit, kept: near.unit });
      continue;
    }
    for (const hash of sketched.sketch) {
      const bucket = bySketch.get(hash);
      if (!bucket) bySketch.set(hash, [sketched]);
      else if (bucket.length < maxCompared) bucket.push(sketched);
    }
  }
  return repetitions;
}

interface Sketched<U> {
  readonly unit: U;
  readonly words: WordHashes;
  readonly sketch: readonly number[];
  /** Made on the first comparison: most texts are never compared, and some with many. */
  wordSet: ReadonlySet<number> | undefined;
  shingles: ReadonlySet<number> | undefined;
}

function sketchOf<U extends TextUnit>(unit: U): Sketched<U> {
  const words = unit.words ?? hashWords(unit.text);
  const sketch: number[] = [];
  for (let at = 0; at + shingleWords <= words.hashes.length; at++) keepSmallest(sketch, shingleAt(words.hashes, at));
  return { unit, words, sketch, wordSet: undefined, shingles: undefined };
}

function shingleAt(hashes: readonly number[], from: number): number {
  let hash = 0;
  for (let word = from; word < from + shingleWords; word++) hash = Math.imul(hash ^ (hashes[word] as number), fnvPrime);
  return hash;
}

/** Ascending, each once, at most `sketchSize`. */
function keepSmallest(sketch: number[], hash: number): void {
  if (sketch.length === sketchSize && hash >= (sketch[sketchSize - 1] as number)) return;
  let at = sketch.length;
  while (at > 0 && (sketch[at - 1] as number) > hash) at--;
  if (at > 0 && sketch[at - 1] === hash) return;
  sketch.splice(at, 0, hash);
  if (sketch.length > sketchSize) sketch.pop();
}

function nearest<U>(own: Sketched<U>, bySketch: ReadonlyMap<number, readonly Sketched<U>[]>): Sketched<U> | undefined {
  const compared = new Set<Sketched<U>>();
  for (const hash of own.sketch) {
    for (const other of bySketch.get(hash) ?? []) {
      if (compared.size >= maxCompared) return undefined;
      if (compared.has(other)) continue;
      compared.add(other);
      if (isContained(own, other)) return other;
    }
  }
  return undefined;
}

/** Most of the shingles, and every word that says something: one name or number of its own makes it another text. */
function isContained<U>(own: Sketched<U>, other: Sketched<U>): boolean {
  other.wordSet ??= new Set(other.words.hashes);
  for (const word of own.words.telling) if (!other.wordSet.has(word)) return false;
  other.shingles ??= shinglesOf(other.words.hashes);
  own.shingles ??= shinglesOf(own.words.hashes);
  let shared = 0;
  for (const shingle of own.shingles) if (other.shingles.has(shingle)) shared++;
  return shared >= minContainment * own.shingles.size;
}

function shinglesOf(hashes: readonly number[]): Set<number> {
  const shingles = new Set<number>();
  for (let at = 0; at + shingleWords <= hashes.length; at++) shingles.add(shingleAt(hashes, at));
  return shingles;
}
