// The report of the caching benchmark as a table for the terminal.
import { change, percent } from "../measurement/criteria.ts";
import type { DialogueArm, MeasuredDialogues } from "../measurement/measure-dialogues.ts";

/** The same calls cost the same: rounding of binary fractions does not decide. */
const tolerance = 1e-9;

export const costsNoMore = ({ caching, nocp }: MeasuredDialogues): boolean => nocp.usd <= caching.usd * (1 + tolerance);

const header = ["model", "group", "turns", "no cache", "cache alone", "NOCP", "NOCP over cache", "cached", "answered"];

export function renderCaching(measured: readonly MeasuredDialogues[]): string {
  const rows = measured.map((group) => {
    const { workload, size, style, model, turns, caching, nocp } = group;
    return [
      model,
      `${workload} ${size}, ${style}`,
      String(turns),
      usd(caching.uncachedUsd),
      usd(caching.usd),
      usd(nocp.usd),
      `${change(1 - nocp.usd / caching.usd)}${costsNoMore(group) ? "" : " MISSED"}`,
      `${cachedShare(caching)} / ${cachedShare(nocp)}`,
      `${answered(caching)} / ${answered(nocp)}`,
    ];
  });
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const missed = measured.filter((group) => !costsNoMore(group)).length;
  return [
    line(header),
    ...rows.map(line),
    "",
    `no group costs more with NOCP than with the vendor's cache alone: ${missed === 0 ? "met" : `MISSED in ${missed} of ${measured.length}`}`,
  ].join("\n");
}

const usd = (dollars: number): string => `$${dollars.toFixed(4)}`;
const cachedShare = ({ cacheReadTokens, inputTokens }: DialogueArm): string =>
  percent(inputTokens === 0 ? 0 : cacheReadTokens / inputTokens);
const answered = ({ answered: count, asked }: DialogueArm): string => (asked === 0 ? "–" : `${count} of ${asked}`);
