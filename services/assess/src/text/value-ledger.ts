// The values of turns that are left out, each once, as one short line a turn.
import type { ProtectedValue } from "./protected-values.ts";

export interface LedgerInput {
  /** Of each turn, in its order. */
  readonly values: readonly (readonly ProtectedValue[])[];
  /** What a turn's line begins with. */
  readonly headOf: (turn: number) => string;
  readonly count: (text: string) => number;
}

export interface Digest {
  readonly text: string;
  readonly tokens: number;
  readonly values: number;
}

export interface LedgerOutput {
  readonly digests: ReadonlyMap<number, Digest>;
  readonly spentTokens: number;
}

export interface ValueLedger {
  /**
   * Lines for the turns that are not kept: the most precious values first, newer turns before older ones, none that a
   * kept turn or another line shows already.
   */
  digest(kept: ReadonlySet<number>, budgetTokens: number, maxRank: ProtectedValue["rank"]): LedgerOutput;
}

export function createValueLedger({ values, headOf, count }: LedgerInput): ValueLedger {
  const costs = new Map<string, number>();
  /** Tokens of a text and of the comma or line break beside it; each text is counted once. */
  const costOf = (text: string): number => {
    const known = costs.get(text);
    if (known !== undefined) return known;
    const cost = count(text) + 1;
    costs.set(text, cost);
    return cost;
  };
  return {
    digest(kept, budgetTokens, maxRank) {
      const shown = new Set<string>();
      for (const turn of kept) for (const { text } of values[turn] ?? []) shown.add(text);
      const picked = new Map<number, Set<number>>();
      let left = budgetTokens;
      for (let rank = 0; rank <= maxRank; rank++) {
        for (let turn = values.length - 1; turn >= 0 && left > 0; turn--) {
          if (kept.has(turn)) continue;
          values[turn]?.forEach((value, at) => {
            if (value.rank !== rank || shown.has(value.text)) return;
            const chosen = picked.get(turn);
            const cost = costOf(` ${value.text}`) + (chosen ? 0 : costOf(headOf(turn)));
            if (cost > left) return;
            shown.add(value.text);
            if (chosen) chosen.add(at);
            else picked.set(turn, new Set([at]));
            left -= cost;
          });
        }
      }
      const digests = new Map<number, Digest>();
      for (const [turn, chosen] of picked) {
        const texts = (values[turn] ?? []).filter((_, at) => chosen.has(at)).map(({ text }) => text);
        const text = `${headOf(turn)}${texts.join(", ")}`;
        digests.set(turn, { text, tokens: count(text), values: texts.length });
      }
      return { digests, spentTokens: budgetTokens - left };
    },
  };
}
