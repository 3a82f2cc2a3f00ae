// What a session's turns cost as they stand: whether the vendor has them cached.
import type { CacheTerms } from "../target-prices.ts";
import { isShort, type TurnsToFit } from "./fit-conversation.ts";

export interface TurnsInCache {
  readonly terms: CacheTerms;
  /** How long vendors keep a prefix. */
  readonly prefixCacheMs: number;
  /** Milliseconds since the epoch: when the request came. */
  readonly at: number;
}

/**
 * The share that a token of the turns costs. 1 where the vendor does not have them: they are too few to be cached, the model's
 * prices are unknown, or there was a pause, after which turns that are not short were compacted, and stay so.
 */
export function cachedShareOf(input: TurnsToFit, { terms, prefixCacheMs, at }: TurnsInCache): number {
  const { turns, counter, facts } = input;
  const isLong = facts.tokensOf(turns, counter) >= terms.leastTokens;
  const pause = lastPause(turns, prefixCacheMs, at);
  const isKept = pause === 0 || isShort({ ...input, turns: turns.slice(0, pause) });
  return isLong && isKept && terms.isPriced ? terms.readShare : 1;
}

/** How many turns there were before the last pause that was longer than vendors keep a prefix; 0 for none. */
function lastPause(turns: TurnsToFit["turns"], prefixCacheMs: number, at: number): number {
  const next = (turn: number) => turns[turn]?.at ?? at;
  for (let turn = turns.length; turn > 0; turn--) if (next(turn) - (turns[turn - 1]?.at ?? 0) > prefixCacheMs) return turn;
  return 0;
}
