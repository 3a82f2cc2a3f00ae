// Choosing units by score until a budget of tokens is spent.
import { bestFirst, none } from "./best-first.ts";

export interface FillInput {
  /** Higher is kept first; a unit with a score of 0 or less is never kept. */
  readonly scores: ArrayLike<number>;
  readonly budgetTokens: number;
  /** Tokens of a unit; asked only while there is budget. */
  readonly costOf: (unit: number) => number;
  /** Units passed over in a row, because they do not fit, until the filling ends: where costs are not known beforehand. */
  readonly maxMissesInRow?: number;
  /** The group of a unit, and the tokens that its first kept unit costs in addition, e.g. a title. */
  readonly groupOf?: (unit: number) => number;
  readonly openingCostOf?: (group: number) => number;
  /** Units to leave out, e.g. repetitions of one already kept. Asked in order of score. */
  readonly refuses?: (unit: number) => boolean;
  /** Hears of each unit as it is kept: what it costs to keep others may change. */
  readonly onKeep?: (unit: number) => void;
}

/** What is kept so far: a second filling with other scores goes on from it. */
export interface Filling {
  readonly kept: Set<number>;
  readonly openedGroups: Set<number>;
  spentTokens: number;
}

export const emptyFilling = (): Filling => ({ kept: new Set(), openedGroups: new Set(), spentTokens: 0 });

/** Adds units to the filling, greedily, in O(n + k log n) for n units of which k are looked at. Equal scores are kept in order of position. */
export function fillBudget(input: FillInput, filling: Filling = emptyFilling()): Filling {
  const { scores, budgetTokens, costOf, maxMissesInRow = Number.POSITIVE_INFINITY } = input;
  let misses = 0;
  const nextBest = bestFirst(scores);
  for (let unit = nextBest(); unit !== none; unit = nextBest()) {
    if (filling.spentTokens >= budgetTokens || misses >= maxMissesInRow) break;
    if (filling.kept.has(unit) || input.refuses?.(unit)) continue;
    const group = input.groupOf?.(unit);
    const opening = group === undefined || filling.openedGroups.has(group) ? 0 : (input.openingCostOf?.(group) ?? 0);
    const cost = costOf(unit) + opening;
    if (filling.spentTokens + cost > budgetTokens) {
      misses++;
      continue;
    }
    misses = 0;
    if (group !== undefined) filling.openedGroups.add(group);
    filling.kept.add(unit);
    filling.spentTokens += cost;
    input.onKeep?.(unit);
  }
  return filling;
}
