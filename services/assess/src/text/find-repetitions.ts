// Texts that say what an earlier one says, word for word.
import { hash } from "node:crypto";

export interface TextUnit {
  /** The item that the text is of, or is part of. */
  readonly owner: number;
  readonly text: string;
  /** Equal for texts with the same wording, and hardly for others: `fingerprintOf`. */
  readonly fingerprint: number;
  /** What is compared: texts with the same wording say the same. Asked for where fingerprints are equal. */
  wording(): string;
}

export interface Repetition<U extends TextUnit> {
  readonly unit: U;
  /** The first text that says it. */
  readonly kept: U;
  /** The texts are the same as well. */
  readonly isExact: boolean;
}

/** V8 hashes longer strings by their length alone, so that many of one length would each be compared with all others. */
const maxKeyCharacters = 16_000;

/** @returns the units that repeat an earlier one, in their order. Time grows linearly with the text. */
export function findRepetitions<U extends TextUnit>(units: readonly U[]): Repetition<U>[] {
  const firstOf = new Map<number, U>();
  /** Those whose fingerprint another wording had before, by their own. */
  const others = new Map<string, U>();
  const repetitions: Repetition<U>[] = [];
  for (const unit of units) {
    const first = firstOf.get(unit.fingerprint);
    if (first === undefined) {
      firstOf.set(unit.fingerprint, unit);
      continue;
    }
    const wording = unit.wording();
    const key = () => (wording.length > maxKeyCharacters ? hash("sha256", wording) : wording);
    const kept = first.wording() === wording ? first : others.get(key());
    if (kept === undefined) others.set(key(), unit);
    else if (kept.wording() === wording) repetitions.push({ unit, kept, isExact: kept.text === unit.text });
  }
  return repetitions;
}
