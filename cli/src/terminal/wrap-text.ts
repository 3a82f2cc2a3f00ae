// Plain text cut into lines of a width, at spaces where there are any. Colours come after it: escape codes have no width.
import { stripVTControlCharacters } from "node:util";

/** Characters that take two columns of a terminal. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const combining = /\p{Mark}/u;
/** Most text is below the first combining character, and needs no closer look. */
const columnsOf = (character: string): number =>
  character < "\u0300" ? 1 : combining.test(character) ? 0 : wide.test(character) ? 2 : 1;

export const noBreakSpace = "\u00a0";

/** Columns that a line takes on a terminal. */
export function visibleWidth(line: string): number {
  let columns = 0;
  for (const character of line) columns += columnsOf(character);
  return columns;
}

/** Columns of the widest; 0 when there is none. */
export const widestOf = (pieces: readonly string[]): number =>
  pieces.reduce((widest, piece) => Math.max(widest, visibleWidth(piece)), 0);

/** Lines without escape codes and tabs, as a terminal would show them. */
export const plainLines = (text: string): string[] => stripVTControlCharacters(text).replaceAll("\t", "  ").split(/\r?\n/);

/**
 * Loses nothing but the spaces at which it breaks. A word that is too long is cut, behind punctuation if possible.
 * No-break spaces hold together what stands around them, and come out as plain ones.
 */
export const wrapText = (text: string, width: number): string[] =>
  plainLines(text).flatMap((line) => wrapLine(line, width).map((part) => part.replaceAll(noBreakSpace, " ")));

/** Looks at each character a few times at most, however long the line is. */
function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let start = 0;
  for (;;) {
    const end = endOfHead(line, start, width);
    if (end === line.length) return [...lines, line.slice(start)];
    const cut = cutPosition(line, start, end);
    lines.push(line.slice(start, cut).trimEnd());
    start = cut;
    while (/\s/.test(line.charAt(start))) start += 1;
  }
}

/** Where the longest head ends that fits; at least one character, so that every cut gets further. */
function endOfHead(line: string, start: number, width: number): number {
  let columns = 0;
  let end = start;
  while (end < line.length) {
    const character = String.fromCodePoint(line.codePointAt(end) as number);
    columns += columnsOf(character);
    if (columns > width && end > start) break;
    end += character.length;
  }
  return end;
}

function cutPosition(line: string, start: number, end: number): number {
  if (line[end] === " ") return end;
  const head = line.slice(start, end);
  const space = head.lastIndexOf(" ");
  if (head.slice(0, Math.max(0, space)).trim() !== "") return start + space;
  const punctuation = Math.max(...[...",/;:&=_-"].map((mark) => head.lastIndexOf(mark))) + 1;
  return start + (punctuation > head.length / 2 ? punctuation : head.length);
}
