// The ledger of a session: identifiers, names, numbers and decisions of all its turns, within a bound.
import type { LedgerEntry, LedgerKind, SessionTurn } from "../contracts/session.ts";
import { ledgerValues } from "./ledger-values.ts";

/** Entries a ledger holds at most, by kind; together some 50 KiB. The turns themselves keep what goes. */
export const ledgerLimits: Readonly<Record<LedgerKind, number>> = { decision: 60, identifier: 80, name: 40, number: 40 };

/** The ledger with a turn's values: known ones are counted again, new ones added, and of too many the least used and oldest go. */
export function extendLedger(ledger: readonly LedgerEntry[], turn: SessionTurn): LedgerEntry[] {
  const entries = new Map(ledger.map((entry) => [entry.value, entry]));
  const mentioned = new Set<string>();
  for (const { text } of turn.messages) {
    for (const { value, kind, context } of ledgerValues(text)) {
      if (mentioned.has(value)) continue;
      mentioned.add(value);
      const known = entries.get(value);
      entries.set(
        value,
        known ? { ...known, mentions: known.mentions + 1 } : { value, kind, turn: turn.number, context, mentions: 1 },
      );
    }
  }
  return withinLimits([...entries.values()]);
}

function withinLimits(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const dropped = new Set<LedgerEntry>();
  for (const [kind, limit] of Object.entries(ledgerLimits)) {
    const own = entries.filter((entry) => entry.kind === kind);
    if (own.length <= limit) continue;
    const byWorth = [...own].sort((a, b) => a.mentions - b.mentions || a.turn - b.turn);
    for (const entry of byWorth.slice(0, own.length - limit)) dropped.add(entry);
  }
  return dropped.size === 0 ? [...entries] : entries.filter((entry) => !dropped.has(entry));
}
