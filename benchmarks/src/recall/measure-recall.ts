// How much of what the answers need is left, and in how many tokens.
import type { Compressor } from "@nocp/assess/compress.ts";
import { renderItem } from "@nocp/assess/measure-items.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { createFactFinder } from "../measurement/find-facts.ts";
import { keepByBm25 } from "./plain-bm25.ts";
import type { RecallCase, RecallSet } from "./recall-case.ts";

export interface RecallFigures {
  /** Tokens left over tokens before, over the whole set. */
  readonly keptShare: number;
  /** Mean share of what a case needs that is left. */
  readonly recall: number;
}

/** Gives the text that is left of a case. */
export type Reducer = (one: RecallCase) => Promise<string>;

export async function measureRecall({ cases }: RecallSet, reduce: Reducer, counter: TokenCounter): Promise<RecallFigures> {
  let before = 0;
  let after = 0;
  let recall = 0;
  for (const one of cases) {
    const text = await reduce(one);
    before += rawTokensOf(one, counter);
    after += counter.count(text);
    recall += recallOf(one, text);
  }
  return { keptShare: after / before, recall: recall / cases.length };
}

export const byRatio =
  (compressor: Compressor, targetRatio: number): Reducer =>
  async ({ query, items }) =>
    (await compressor.compress({ query, items, targetRatio, mode: "auto" })).text;

export const byFloor =
  (compressor: Compressor, recallFloor: number): Reducer =>
  async ({ query, items }) =>
    (await compressor.compress({ query, items, recallFloor, mode: "auto" })).text;

export const byBm25 =
  (counter: TokenCounter, ratio: number): Reducer =>
  async (one) =>
    keepByBm25(one.items, one.query, ratio * rawTokensOf(one, counter), counter);

/** Cases of one chat share its items: they are counted once. */
const knownTokens = new WeakMap<RecallCase["items"], number>();

function rawTokensOf({ items }: RecallCase, counter: TokenCounter): number {
  const known = knownTokens.get(items);
  if (known !== undefined) return known;
  const tokens = counter.count(items.map(renderItem).join("\n"));
  knownTokens.set(items, tokens);
  return tokens;
}

/** @returns 0 to 1; the share of the needs, or whether all or any of them stand in the text. */
function recallOf({ needs, counts }: RecallCase, text: string): number {
  const stands = createFactFinder(text);
  const found = needs.filter(stands).length;
  if (counts === "share") return found / Math.max(1, needs.length);
  return (counts === "all" ? found === needs.length : found > 0) ? 1 : 0;
}
