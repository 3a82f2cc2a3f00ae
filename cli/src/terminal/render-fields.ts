// Lines of a title and a value, the values under each other; what does not fit goes on below its value.
import { widestOf, wrapText } from "./wrap-text.ts";

export type Field = readonly [title: string, value: string];

const indent = 2;
const gap = 2;
/** Narrower than this, lines are rather too long than torn to pieces. */
const leastValueWidth = 20;

/** @param width columns of the terminal. @param paint colours a title. */
export function renderFields(fields: readonly Field[], width: number, paint: (title: string) => string): string[] {
  const titleWidth = widestOf(fields.map(([title]) => title));
  return fields.flatMap(([title, value]) => {
    const start = `${" ".repeat(indent)}${paint(title.padEnd(titleWidth))}${" ".repeat(gap)}`;
    return hangingLines(start, indent + titleWidth + gap, value, width);
  });
}

/** Text behind a start that takes some columns, and below itself. @param startWidth columns that the start takes. */
export function hangingLines(start: string, startWidth: number, text: string, width: number): string[] {
  const lines = wrapText(text, Math.max(leastValueWidth, width - startWidth));
  return lines.map((line, index) => `${index === 0 ? start : " ".repeat(startWidth)}${line}`);
}
