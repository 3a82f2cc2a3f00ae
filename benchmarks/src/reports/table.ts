// A table as Markdown that is aligned, so that a terminal shows it as well.

/** @param texts columns whose cells are text, and stand to the left; all others are numbers. */
export function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  texts: readonly number[],
): string[] {
  const widths = columns.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isText = (column: number): boolean => texts.includes(column);
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, at) => (isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)));
    return `| ${padded.join(" | ")} |`;
  };
  const rule = `|${widths.map((width, at) => (isText(at) ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [line(columns), rule, ...rows.map(line)];
}
