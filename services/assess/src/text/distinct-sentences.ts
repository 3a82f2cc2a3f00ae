// Repetitions of a sentence: the same terms in the same order below parents of the same names, whatever stands between them.
import { labelOf, type Structure } from "@nocp/text/structure/unit.ts";
import type { IndexedPassages } from "./passages.ts";

/** Shorter sentences repeat by chance and cost little. */
const minTerms = 4;

/** @returns whether a sentence repeats one that was asked about before; asking for the same one again is no repetition. */
export function createRepetitionCheck(index: IndexedPassages): (sentence: number) => boolean {
  const firstWith = new Map<string, number>();
  return (sentence) => {
    const terms = index.sentenceTerms(sentence);
    if (terms.length < minTerms) return false;
    const key = `${chainOf(index, sentence)}\n${terms.join(" ")}`;
    const first = firstWith.get(key);
    if (first === undefined) firstWith.set(key, sentence);
    return first !== undefined && first !== sentence;
  };
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
