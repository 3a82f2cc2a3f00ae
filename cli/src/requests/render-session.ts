// Sessions as text for a terminal.
import type { SessionHead, SessionTurn } from "@nocp/contracts/session.ts";
import { renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";

const timeOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
const savedShare = ({ totals }: SessionHead): string =>
  totals.rawTokens === 0 ? "" : `${((1 - totals.optimizedTokens / totals.rawTokens) * 100).toFixed(1)} %`;

export function sessionTable(heads: readonly SessionHead[], terminal: Terminal): string {
  const rows = heads.map((head) => [
    head.id,
    head.tenant,
    head.status,
    String(head.turns),
    timeOf(head.updatedAt),
    String(head.totals.rawTokens),
    savedShare(head),
  ]);
  const titles = ["session", "tenant", "status", "turns", "changed (UTC)", "raw tokens", "saved"];
  return renderTable(
    titles.map((title) => ({ title })),
    rows,
    terminal,
  );
}

export function sessionLines(head: SessionHead): string[] {
  const { summary, totals } = head;
  const compacted = totals.lastCompactionAt === null ? "never" : `${timeOf(totals.lastCompactionAt)} UTC`;
  return [
    `session    ${head.id}`,
    `tenant     ${head.tenant}`,
    `status     ${head.status}`,
    `created    ${timeOf(head.createdAt)} UTC`,
    `changed    ${timeOf(head.updatedAt)} UTC`,
    `turns      ${head.turns}`,
    `tokens     ${totals.rawTokens} raw, ${totals.optimizedTokens} sent${totals.rawTokens > 0 ? `, ${savedShare(head)} saved` : ""}`,
    `compacted  ${totals.compactions} times, last ${compacted}`,
    ...(summary.text === ""
      ? []
      : ["", `summary, generation ${summary.generations}, of turns 1 to ${summary.throughTurn}:`, summary.text]),
    ...(head.ledger.length === 0 ? [] : ["", "ledger:"]),
    ...head.ledger.map(({ kind, value, turn, mentions }) => `  ${kind.padEnd(10)} turn ${turn}, ${mentions}×  ${value}`),
  ];
}

export const turnLines = ({ number, at, messages }: SessionTurn): string[] => [
  `turn ${number}, ${timeOf(at)} UTC`,
  ...messages.map(({ role, name, text }) => `  ${name ?? role}: ${text.replaceAll("\n", "\n    ")}`),
];
