// What a string holds: JSON of its own, or prose to be kept in parts.
import { withDistinctKeys } from "@nocp/contracts/json/duplicate-keys.ts";
import { parseKeepingDigits } from "@nocp/contracts/json/exact-numbers.ts";
import { parseStructure } from "@nocp/text/structure/parse-structure.ts";
import { countLineBreaks } from "../text/gap-mark.ts";

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
const lineBetweenRecords = /\}[^\S\n]*\n\s*\{/;

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
    const parsed: unknown = parseKeepingDigits(text);
    const distinct = withDistinctKeys(text);
    const value = distinct === text ? parsed : parseKeepingDigits(distinct);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a tool's data is a text, and no JSON in one; by how it begins and ends, since parsing megabytes takes its time. */
export const isPlainText = (data: unknown): data is string =>
  typeof data === "string" && !(/^\s*[{[]/.test(data) && /[}\]]\s{0,64}$/.test(data.slice(-65)));

/** A unit of a longer text. */
export interface Fragment {
  readonly text: string;
  readonly part: TextPart;
}

export interface TextPart {
  /** What stands between it and the unit before it. */
  readonly joint: "\n" | " " | "";
  /** The fragment above it, counted from this one backwards; 0 for none. A heading, a file, a function's signature. */
  readonly parentDistance: number;
  /** Lines of the text before it. */
  readonly line: number;
  /** Lines of the text behind it. */
  readonly linesAfter: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** It reports that something went wrong. */
  readonly isFailure: boolean;
}

/** The lines of an entry as its label has them. */
const oneLineOf = (own: string): string => (own.includes("\n") ? own.replace(/\n\s*/g, " … ") : own);

/** Units of a text with what they stand below, blank ones left out. Only the indentation of a line stays of the blanks around them. */
export function fragmentsOf(source: string): Fragment[] {
  const { text, units } = parseStructure(source);
  const fragments: Fragment[] = [];
  const positions = new Int32Array(units.length).fill(-1);
  const total = countLineBreaks(text, 0, text.length);
  let line = 0;
  units.forEach(({ start, end, parent, role, label }, at) => {
    const piece = text.slice(start, end);
    const breaks = countLineBreaks(text, start, end);
    if (piece.trim() !== "") {
      const beginsLine = start === 0 || text[start - 1] === "\n";
      const own = beginsLine ? piece.trimEnd().replace(/^\n+/, "") : piece.trim();
      const joint = beginsLine ? "\n" : /^\s/.test(piece) ? " " : "";
      const above = parent === -1 ? -1 : (positions[parent] as number);
      const parentDistance = above === -1 ? 0 : fragments.length - above;
      positions[at] = fragments.length;
      const isFirst = fragments.length === 0;
      const linesAfter = total - line - breaks;
      // A section's name that stands among its parts comes with it.
      const isNamed =
        label !== undefined && (role === "section" || role === "record" || role === "entry") && !own.includes(label);
      const named = !isNamed ? own : label.startsWith(oneLineOf(own)) ? label : `${label}\n${own}`;
      const isFailure = role === "failure";
      fragments.push({ text: named, part: { joint, parentDistance, line, linesAfter, isFirst, isLast: false, isFailure } });
    }
    line += breaks;
  });
  const last = fragments.pop();
  if (last) fragments.push({ text: last.text, part: { ...last.part, isLast: true } });
  return fragments;
}
