// What it costs to keep one more unit: its own tokens, the names of parents that are not written yet, and marks of gaps.
import { labelOf, type Structure } from "@nocp/text/structure/unit.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { gapTokens } from "./gap-mark.ts";
import type { IndexedPassages } from "./passages.ts";

export interface UnitCosts {
  costOf(unit: number): number;
  /** Says that a unit is kept: its parents are written from now on. */
  keep(unit: number): void;
  /** Tokens of a mark at the passage's end or beginning, before anything of it is kept. */
  openingTokens(passage: number): number;
  /** Of all units kept of a passage, without what opening it took. */
  spentOn(passage: number): number;
}

export function createUnitCosts(index: IndexedPassages, counter: TokenCounter): UnitCosts {
  const { structures, sentences, parentOf, passageOf, firstSentence } = index;
  const own = new Float64Array(sentences.length).fill(-1);
  const names = new Float64Array(sentences.length).fill(-1);
  const isKept = new Uint8Array(sentences.length);
  const isNamed = new Uint8Array(sentences.length);
  const spent = new Float64Array(structures.length);
  const structureOf = (unit: number): Structure => structures[passageOf[unit] as number] as Structure;
  const ownTokens = (unit: number): number => {
    if (own[unit] === -1) own[unit] = counter.count(structureOf(unit).text.slice(sentences[unit]?.start, sentences[unit]?.end));
    return own[unit] as number;
  };
  const nameTokens = (unit: number): number => {
    if (names[unit] === -1) {
      const closing = sentences[unit]?.closing;
      const label = labelOf(structureOf(unit), unit - (firstSentence[passageOf[unit] as number] as number));
      names[unit] = counter.count(`${label}\n`) + (closing === undefined ? 0 : counter.count(`${closing}\n`));
    }
    return names[unit] as number;
  };
  const markTokens = (passage: number): number => (structures[passage]?.text.includes("\n") ? gapTokens.lines : gapTokens.inline);
  const markCost = Float64Array.from(structures, (_, passage) => markTokens(passage));
  /** Whether nothing is missing between a unit and its neighbour. */
  const touches = (unit: number, neighbour: number, passage: number): boolean =>
    neighbour < (firstSentence[passage] as number) ||
    neighbour >= (firstSentence[passage + 1] as number) ||
    isKept[neighbour] === 1 ||
    isNamed[neighbour] === 1 ||
    parentOf[unit] === neighbour;
  const costOf = (unit: number): number => {
    const passage = passageOf[unit] as number;
    let tokens = ownTokens(unit) - (isNamed[unit] === 1 ? nameTokens(unit) : 0);
    for (let parent = parentOf[unit] as number; parent !== -1; parent = parentOf[parent] as number) {
      if (isNamed[parent] === 1 || isKept[parent] === 1) break;
      tokens += nameTokens(parent);
    }
    const ends = Number(touches(unit, unit - 1, passage)) + Number(touches(unit, unit + 1, passage));
    // One gap becomes two, stays one, or is closed.
    return tokens + (1 - ends) * (markCost[passage] as number);
  };
  return {
    costOf,
    keep: (unit) => {
      spent[passageOf[unit] as number] = (spent[passageOf[unit] as number] as number) + costOf(unit);
      isKept[unit] = 1;
      for (let parent = parentOf[unit] as number; parent !== -1 && isNamed[parent] === 0; parent = parentOf[parent] as number)
        isNamed[parent] = 1;
    },
    openingTokens: (passage) => markCost[passage] as number,
    spentOn: (passage) => spent[passage] as number,
  };
}
