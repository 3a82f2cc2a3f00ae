// The ledger of a session: identifiers, names, numbers and decisions of all its turns, within a bound.
import type { LedgerEntry, LedgerKind, SessionTurn } from "@nocp/contracts/session.ts";
import { distinctiveness } from "./distinctiveness.ts";
import { ledgerValues } from "./ledger-values.ts";
import { readParts } from "./read-parts.ts";

/** Entries a ledger holds at most, by kind; together some 60,000 characters at most. The turns themselves keep what goes. */
export const ledgerLimits: Readonly<Record<LedgerKind, number>> = { decision: 60, identifier: 80, name: 40, number: 40 };

/** Once this many of a kind are over its limit they go together: to compare all with each other costs more than a turn. */
const slack = 10;

/** What decides who stays: mentions in further turns (up to four), how unlike the others, how new. */
const worth = { mentions: 0.25, distinctiveness: 1, recency: 0.5 } as const;
const manyMentions = 4;

/** The ledger with a turn's values: known ones are counted again, new ones added, and of too many the least worth go. */
export function extendLedger(ledger: readonly LedgerEntry[], turn: SessionTurn): LedgerEntry[] {
  const entries = new Map(ledger.map((entry) => [entry.value, entry]));
  const mentioned = new Set<string>();
  for (const text of readParts(turn.messages.map((message) => message.text))) {
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
    const distinct = distinctiveness(own.map(({ context }) => context));
    const lastTurn = Math.max(...own.map(({ turn }) => turn));
    const ranked = own
      .map((entry, at) => ({
        entry,
        worth:
          worth.mentions * Math.min(manyMentions, entry.mentions - 1) +
          worth.distinctiveness * (distinct[at] as number) +
          (worth.recency * entry.turn) / lastTurn,
      }))
      .sort((a, b) => a.worth - b.worth);
    for (const { entry } of ranked.slice(0, own.length - limit + slack)) dropped.add(entry);
  }
  return dropped.size === 0 ? [...entries] : entries.filter((entry) => !dropped.has(entry));
}
