// How a session's head changes: pure functions, applied by compare-and-set.
import type { SessionHead, SessionRef, SessionTurn } from "@nocp/contracts/session.ts";
import { extendLedger } from "@nocp/text/ledger/ledger.ts";

/** The head of a session without turns. @param now milliseconds since the epoch. */
export const newSessionHead = ({ tenant, id }: SessionRef, epoch: string, now: number): SessionHead => ({
  v: 1,
  id,
  tenant,
  epoch,
  status: "active",
  createdAt: now,
  updatedAt: now,
  turns: 0,
  summary: { text: "", generations: 0, throughTurn: 0 },
  ledger: [],
  totals: { rawTokens: 0, optimizedTokens: 0, compactions: 0, lastCompactionAt: null },
});

/** The head after the turn that follows its last one; a turn that it knows already changes nothing. */
export function headWithTurn(head: SessionHead, turn: SessionTurn): SessionHead {
  if (turn.number <= head.turns) return head;
  return {
    ...head,
    turns: turn.number,
    updatedAt: Math.max(head.updatedAt, turn.at),
    ledger: extendLedger(head.ledger, turn),
    totals: {
      ...head.totals,
      rawTokens: head.totals.rawTokens + turn.inputTokens.raw,
      optimizedTokens: head.totals.optimizedTokens + turn.inputTokens.optimized,
    },
  };
}

export interface RollUp {
  readonly text: string;
  /** The last turn that went into the summary. */
  readonly throughTurn: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The head with a summary one generation on. */
export const headWithSummary = (head: SessionHead, { text, throughTurn, at }: RollUp): SessionHead => ({
  ...head,
  summary: { text, throughTurn, generations: head.summary.generations + 1 },
  totals: { ...head.totals, compactions: head.totals.compactions + 1, lastCompactionAt: at },
});
