// Plain text cut into lines of a width, at spaces where there are any. Colours come after it: escape codes have no width.
import { stripVTControlCharacters } from "node:util";

/** Characters that take two columns of a terminal. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const combining = /\p{Mark}/u;
const columnsOf = (character: string): number => (combining.test(character) ? 0 : wide.test(character) ? 2 : 1);

export const noBreakSpace = "\u00a0";

/** Columns that a line takes on a terminal. */
export const visibleWidth = (line: string): number => [...line].reduce((columns, character) => columns + columnsOf(character), 0);

/** Lines without escape codes and tabs, as a terminal would show them. */
export const plainLines = (text: string): string[] => stripVTControlCharacters(text).replaceAll("\t", "  ").split(/\r?\n/);

/**
 * Loses nothing but the spaces at which it breaks. A word that is too long is cut, behind punctuation if possible.
 * No-break spaces hold together what stands around them, and come out as plain ones.
 */
export const wrapText = (text: string, width: number): string[] =>
  plainLines(text).flatMap((line) => wrapLine(line, width).map((part) => part.replaceAll(noBreakSpace, " ")));

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (visibleWidth(rest) > width) {
    const cut = cutPosition(rest, longestHead(rest, width));
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}

/** At least one character, so that every cut gets further. */
function longestHead(text: string, width: number): string {
  let head = "";
  let columns = 0;
  for (const character of text) {
    columns += columnsOf(character);
    if (columns > width && head !== "") break;
    head += character;
  }
  return head;
}

function cutPosition(text: string, head: string): number {
  if (text[head.length] === " ") return head.length;
  const space = head.lastIndexOf(" ");
  if (head.slice(0, Math.max(0, space)).trim() !== "") return space;
  const punctuation = Math.max(...[...",/;:&=_-"].map((mark) => head.lastIndexOf(mark))) + 1;
  return punctuation > head.length / 2 ? punctuation : head.length;
}
