// What a string holds: JSON of its own, or prose to be kept in parts.
import { parseKeepingDigits } from "@nocp/contracts/json/exact-numbers.ts";
import { splitSentences } from "@nocp/text/structure/split-sentences.ts";

/** Strings longer than this are cut into fragments, each a leaf. */
export const fragmentCharacters = 240;

/** Parses a string that holds a JSON object or list, or one on each of its lines; any other string is handed back as it is. */
export function embeddedJson(text: string): unknown {
  if (text.length < 2) return text;
  const start = text.charCodeAt(0);
  const first = start === 123 || start === 91 ? text[0] : start <= 32 ? text.trimStart()[0] : undefined;
  if (first !== "{" && first !== "[") return text;
  return containerIn(text) ?? (lineBetweenRecords.test(text) ? recordsOf(text) : undefined) ?? text;
}

/** A value as it is to be read: a string that holds JSON as what it holds. */
export const contentOf = (value: unknown): unknown => (typeof value === "string" ? embeddedJson(value) : value);

/** JSON lines, https://jsonlines.org: looked for before each line is parsed. */
const lineBetweenRecords = /\}\s*\n\s*\{/;

function recordsOf(text: string): object[] | undefined {
  const records: object[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const record = containerIn(line);
    if (record === undefined) return undefined;
    records.push(record);
  }
  return records;
}

function containerIn(text: string): object | undefined {
  try {
    const value: unknown = parseKeepingDigits(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a tool's data is a text, and no JSON in one; by how it begins and ends, since parsing megabytes takes its time. */
export const isPlainText = (data: unknown): data is string =>
  typeof data === "string" && !(/^\s*[{[]/.test(data) && /[}\]]\s{0,64}$/.test(data.slice(-65)));

export interface Fragment {
  readonly text: string;
  /** What stands between it and the fragment before it. */
  readonly joint: Joint;
}
export type Joint = "\n" | " " | "";

const indentedLine = /\n[^\S\n]+\S/;

/**
 * Lines, and sentences of long lines; each at most some hundred characters, and lines of an indented block together. No
 * number and no character is cut in two.
 */
export const fragmentsOf = (text: string): Fragment[] =>
  indentedLine.test(text)
    ? splitSentences(text).flatMap(({ start, end }) => fragmentOf(text, start, end))
    : text.split(/\n+/).flatMap(fragmentsOfLine);

function fragmentsOfLine(line: string): Fragment[] {
  if (line.length <= fragmentCharacters) return fragmentOf(line, 0, line.length);
  return splitSentences(line).flatMap(({ start, end }) => fragmentOf(line, start, end));
}

/** None for blanks alone. Only the indentation of a line stays of the blanks around a fragment. */
function fragmentOf(text: string, start: number, end: number): Fragment[] {
  const piece = text.slice(start, end);
  if (piece.trim() === "") return [];
  if (start === 0 || text[start - 1] === "\n") return [{ text: piece.trimEnd(), joint: "\n" }];
  return [{ text: piece.trim(), joint: /^\s/.test(piece) ? " " : "" }];
}
