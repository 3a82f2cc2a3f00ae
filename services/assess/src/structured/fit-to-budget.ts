// Fits a selection to a budget of tokens: fills by estimate, renders, counts, and corrects the estimate.
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";

/** Something that is filled in the order of its priorities, by estimated tokens. */
export interface FillableSelection {
  /** Units picked. */
  readonly size: number;
  readonly estimatedTokens: number;
  /** Picks more, until the estimate of all reaches `tokens`; says whether anything is left to pick. */
  fill(tokens: number): boolean;
  /** Gives back the last picked until the estimate of all is at most `tokens`. */
  shrink(tokens: number): void;
}

export interface FittedText {
  readonly text: string;
  readonly tokens: number;
  /** Units in the text. */
  readonly kept: number;
}

/** Times the selection is filled, rendered and counted, unless it is far too large still. */
const rounds = 4;
/** Share of the budget above which another round is not worth its time. */
const wellFilled = 0.95;

/** @returns at most `budgetTokens` tokens; an empty text when nothing fits. */
export function fitToBudget(
  selection: FillableSelection,
  render: () => string,
  budgetTokens: number,
  counter: TokenCounter,
  openingTokens: number,
): FittedText {
  let best: FittedText = { text: "", tokens: 0, kept: 0 };
  let target = Math.max(0, budgetTokens - openingTokens - 2);
  const measured = (): FittedText => {
    const text = render();
    return { text, tokens: counter.count(text), kept: selection.size };
  };
  for (let round = 0; round < rounds; round++) {
    const hasMore = selection.fill(target);
    if (selection.size === 0) return best;
    const rendered = measured();
    const scale = selection.estimatedTokens / Math.max(1, rendered.tokens);
    const left = budgetTokens - rendered.tokens;
    if (left >= 0) {
      if (rendered.kept >= best.kept) best = rendered;
      if (!hasMore || left <= budgetTokens * (1 - wellFilled) || left < 4) return best;
      target = Math.max(target, selection.estimatedTokens) + left * scale * 0.95;
    } else {
      target = selection.estimatedTokens + left * scale - 1;
      selection.shrink(target);
    }
  }
  while (best.kept === 0 && selection.size > 0) {
    selection.shrink(selection.estimatedTokens * 0.8 - 1);
    if (selection.size === 0) return best;
    const rendered = measured();
    if (rendered.tokens <= budgetTokens) best = rendered;
  }
  return best;
}
