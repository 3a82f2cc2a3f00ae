// The lines of a text, found once; what recognises them looks at their beginnings only, so a line's length costs nothing.

export interface Lines {
  readonly text: string;
  readonly count: number;
  /** Offset of a line's first character; for the line after the last, the text's length. */
  start(line: number): number;
  /** The beginning of a line without its line break: at most `headLength` UTF-16 units. */
  head(line: number): string;
  isBlank(line: number): boolean;
  /** Blanks and tabs before the first other character, a tab as four. */
  indent(line: number): number;
}

/** Expressions are matched against at most so much of a line. */
export const headLength = 240;

const lineFeed = 10;
const carriageReturn = 13;

/** Code unit of the first character of a line that is no blank; NaN where there is none. Expressions that it rules out need not run. */
export function firstMark(head: string): number {
  for (let at = 0; at < head.length; at++) {
    const code = head.charCodeAt(at);
    if (code !== 32 && (code < 9 || code > 13) && (code < 128 || !/\s/.test(head[at] as string))) return code;
  }
  return Number.NaN;
}

/** Linear in the text. */
export function linesOf(text: string): Lines {
  const starts: number[] = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) if (at + 1 < text.length) starts.push(at + 1);
  const count = text === "" ? 0 : starts.length;
  const heads: (string | undefined)[] = new Array(count);
  const start = (line: number): number => (line < count ? (starts[line] as number) : text.length);
  const head = (line: number): string => {
    if (line < 0 || line >= count) return "";
    const known = heads[line];
    if (known !== undefined) return known;
    const from = starts[line] as number;
    let end = start(line + 1);
    if (end > from && text.charCodeAt(end - 1) === lineFeed) end--;
    if (end > from && text.charCodeAt(end - 1) === carriageReturn) end--;
    const own = text.slice(from, Math.min(end, from + headLength));
    heads[line] = own;
    return own;
  };
  return {
    text,
    count,
    start,
    head,
    isBlank: (line) => {
      const own = head(line);
      const first = own.charCodeAt(0);
      return !(first > 32 && first < 127) && own.trim() === "";
    },
    indent: (line) => {
      const own = head(line);
      let width = 0;
      for (let at = 0; at < own.length; at++) {
        const code = own.charCodeAt(at);
        if (code === 32) width++;
        else if (code === 9) width += 4;
        else break;
      }
      return width;
    },
  };
}

/** The lines up to `end`, exclusive, as if the text ended there. */
export function firstLinesOf(lines: Lines, end: number): Lines {
  if (end >= lines.count) return lines;
  const head = (line: number) => (line < end ? lines.head(line) : "");
  return {
    ...lines,
    count: end,
    start: (line) => lines.start(Math.min(line, end)),
    head,
    isBlank: (line) => line >= end || lines.isBlank(line),
    indent: (line) => (line < end ? lines.indent(line) : 0),
  };
}
