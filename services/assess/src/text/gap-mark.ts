// What stands in place of removed text: `[…]` within a line, `[…12]` for twelve lines.

/** Tokens of a mark and what sets it apart, at most. */
export const gapTokens = { inline: 1, lines: 3 } as const;

/** @param lineBreaks in what is missing. */
export const gapMark = (lineBreaks: number): string => (lineBreaks === 0 ? "[…]" : `[…${lineBreaks}]`);

export const countLineBreaks = (text: string, start: number, end: number): number => {
  let count = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
};
