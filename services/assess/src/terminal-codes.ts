// Codes for terminals that stripping took from items: on the bill, and in the archive where text went with them.
import type { StrategyReport } from "@nocp/contracts/accounting.ts";
import type { MeasuredItem, TerminalCodes } from "./compression-strategy.ts";
import { formatCount } from "./cost-model.ts";
import type { ItemReduction } from "./prepare-items.ts";

/** The name under which a result reports it. */
export const terminalCodes = "terminal-codes";

/** What a line that refers to the archive takes: text that was written over is kept where taking it away saves less. */
const referenceTokens = 32;

export interface StrippedCodes {
  /** Nothing where no item had any. */
  readonly reports: readonly StrategyReport[];
  /** Positions of items that lost text. */
  readonly reduced: ReadonlyMap<number, ItemReduction>;
}

/** The items, those as they came of which stripping saves too little to be worth an archive. */
export function worthStripping(stripped: readonly MeasuredItem[]): readonly MeasuredItem[] {
  const saved = stripped.reduce((sum, item) => sum + (item.terminal?.overwrote ? savedOf(item) : 0), 0);
  return saved >= referenceTokens
    ? stripped
    : stripped.map((item) => (item.terminal?.overwrote ? asItCame(item, item.terminal) : item));
}

const asItCame = ({ original }: MeasuredItem, { item, text, tokens }: TerminalCodes): MeasuredItem => ({
  ...{ item, text, tokens },
  ...(original && original !== item && { original }),
});

const savedOf = ({ terminal, tokens }: MeasuredItem): number => (terminal ? terminal.tokens - tokens : 0);

/** Tokens of the items before anything was taken from them. */
export const tokensAsTheyCame = (items: readonly MeasuredItem[]): number =>
  items.reduce((sum, { terminal, tokens }) => sum + (terminal?.tokens ?? tokens), 0);

export function strippedCodes(items: readonly MeasuredItem[]): StrippedCodes {
  const stripped = items.filter(({ terminal }) => terminal !== undefined);
  if (stripped.length === 0) return { reports: [], reduced: new Map() };
  const before = tokensAsTheyCame(stripped);
  const after = stripped.reduce((sum, { tokens }) => sum + tokens, 0);
  const overwrote = stripped.filter(({ terminal }) => terminal?.overwrote).length;
  const justification = `colours and cursor movements went from ${formatCount(stripped.length)} items, ${overwrote === 0 ? "and no text with them" : `and from ${formatCount(overwrote)} what they wrote over`}`;
  const part = { mark: "", marks: 0, under: [], what: "codes for terminals, and what was written over" };
  const reduction = { strategy: terminalCodes, why: justification, parts: [part] };
  return {
    reports: [{ strategy: terminalCodes, itemIds: stripped.map(({ item }) => item.id), before, after, justification }],
    reduced: new Map(items.flatMap(({ terminal }, at) => (terminal?.overwrote ? [[at, reduction] as const] : []))),
  };
}
