// Repetitions of a sentence: the same terms in the same order below parents of the same names, whatever stands between them.
import { labelOf, type Structure } from "@nocp/text/structure/unit.ts";
import type { IndexedPassages } from "./passages.ts";

/** Shorter sentences repeat by chance and cost little. */
const minTerms = 4;

/** @returns whether a sentence repeats one that was asked about before; asking for the same one again is no repetition. */
export function createRepetitionCheck(index: IndexedPassages): (sentence: number) => boolean {
  /** By a number of the terms: most sentences have one of their own, and nothing more need be compared. */
  const firstWith = new Map<number, number>();
  const others = new Map<string, number>();
  const keyOf = (sentence: number) => `${chainOf(index, sentence)}\n${index.sentenceTerms(sentence).join(" ")}`;
  return (sentence) => {
    const terms = index.sentenceTerms(sentence);
    if (terms.length < minTerms) return false;
    const fingerprint = fingerprintOfTerms(terms);
    const first = firstWith.get(fingerprint);
    if (first === undefined) firstWith.set(fingerprint, sentence);
    if (first === undefined || first === sentence) return false;
    if (isSame(index, first, sentence)) return true;
    const key = keyOf(sentence);
    const other = others.get(key);
    if (other === undefined) others.set(key, sentence);
    return other !== undefined && other !== sentence;
  };
}

function isSame(index: IndexedPassages, one: number, other: number): boolean {
  const [terms, others] = [index.sentenceTerms(one), index.sentenceTerms(other)];
  const isEqual = terms.length === others.length && terms.every((term, at) => term === others[at]);
  return isEqual && chainOf(index, one) === chainOf(index, other);
}

function fingerprintOfTerms(terms: readonly number[]): number {
  let fingerprint = terms.length;
  for (const term of terms) fingerprint = Math.imul(fingerprint ^ term ^ (fingerprint >>> 15), 0x9e3779b1);
  return fingerprint;
}

/** The names of all parents: an entry of another list says something else. */
function chainOf({ structures, sentences, passageOf }: IndexedPassages, sentence: number): string {
  const passage = passageOf[sentence] as number;
  const structure = structures[passage] as Structure;
  let chain = "";
  let parent = sentences[sentence]?.parent ?? -1;
  for (; parent !== -1; parent = structure.units[parent]?.parent ?? -1) chain += `\n${labelOf(structure, parent)}`;
  return chain;
}
