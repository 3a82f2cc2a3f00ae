// Where lines that begin alike stand among the others: whether records may begin there.
import { fewestRecords, type Looked } from "./record-look.ts";

/** A record whose first words come back may begin above them, with its name: the line above the first record's is like those above the others'. */
export function linesAbove(starts: readonly number[], { heads, marks }: Looked): number {
  const above = starts.flatMap((line) => (line > 0 ? [line - 1] : []));
  const usual = marks[above[0] ?? -1] ?? "";
  const alike = above.filter((line) => marks[line] === usual);
  const isName = starts[0] !== 0 && /\p{L}/u.test(usual) && alike.length >= 0.8 * above.length;
  return isName && new Set(above.map((line) => heads[line])).size >= 0.6 * above.length ? 1 : 0;
}

/** Whether lines like those that begin a part begin others as well, after a blank line, with another word: turns of several speakers. */
export function hasOthers(starts: readonly number[], { text, heads, marks, areApart }: Looked): boolean {
  // Nobody says the same again and again.
  if (new Set(starts.map((line) => heads[line])).size === 1) return false;
  const alike = new Set(starts.map((line) => marks[line]));
  const own = new Set(starts);
  const others = text.filter((line) => line > 0 && areApart[line] && !own.has(line) && alike.has(marks[line]));
  return others.length > 0.1 * starts.length;
}

/** Whether the same few lines begin parts again and again in one order: parts of records (`General`, `Video`, `Audio`, `General`, …). */
export function comeInTurns(starts: readonly number[], heads: readonly string[]): boolean {
  const first = heads[starts[0] as number];
  const turn = starts.findIndex((line, at) => at > 0 && heads[line] === first);
  if (turn < 2 || starts.length < fewestRecords * turn) return false;
  const again = starts.slice(turn).filter((line, at) => heads[line] === heads[starts[at] as number]);
  return again.length >= 0.9 * (starts.length - turn);
}

/** Whether the lines right above those that begin parts are indented less. */
export const areLessIndented = (starts: readonly number[], { indents }: Looked): boolean =>
  starts.every((line) => line === 0 || (indents[line - 1] as number) < (indents[line] as number));

/** Whether between lines that begin parts stand others that are indented less and begin alike: records begin there. */
export function areBelowOthers(starts: readonly number[], { text, heads, marks, indents, areApart }: Looked): boolean {
  const own = indents[starts[0] as number] as number;
  // A title below a blank line may stand in the middle of the page.
  if (own === 0 || starts.filter((line) => areApart[line]).length >= 0.7 * starts.length) return false;
  const counts = new Map<string, number>();
  let next = 1;
  let isFound = false;
  for (const line of text) {
    if (line < (starts[0] as number)) continue;
    if (line >= (starts[next] ?? Number.POSITIVE_INFINITY)) {
      next++;
      isFound = false;
    }
    if (isFound || (indents[line] as number) >= own || !/\p{L}/u.test(heads[line] as string)) continue;
    isFound = true;
    const mark = marks[line] as string;
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) >= 0.7 * (starts.length - 1);
}

/** Where blank lines stand between parts, the lines that begin parts have them above. @param always lines without a word in common need them. */
export function areSetOff(starts: readonly number[], looked: Looked, always: boolean): boolean {
  const { text, heads, areApart } = looked;
  const setOff = text.filter((line) => line > 0 && areApart[line]).length;
  if (!always && setOff < 0.7 * starts.length) return true;
  const isSetOff = (line: number) => areApart[line] || announcing.test(heads[line] as string) || isRule(heads[line - 1]);
  return starts.filter(isSetOff).length >= 0.7 * starts.length || areHanging(starts, looked);
}

/** Whether all lines but those that begin parts are indented. */
function areHanging(starts: readonly number[], { text, indents }: Looked): boolean {
  if (starts.some((line) => indents[line] !== 0)) return false;
  const begun = new Set(starts);
  const others = text.filter((line) => line > (starts[0] as number) && !begun.has(line));
  return others.length > 0 && others.filter((line) => (indents[line] as number) > 0).length >= 0.97 * others.length;
}

/** What sets a line off by itself: a row of marks, or a prompt. */
const announcing = /^(?:([^\p{L}\p{N}\s])\1{4,}|_{5,}|(?:[$%❯]|>>>|\S{1,40}[$#>]) \S)/u;
const isRule = (head: string | undefined): boolean =>
  head !== undefined && /^[\s+|=_*~#-]{5,}$/.test(head) && /([-=_*~#])\1{4}/.test(head);

/** Whether the lines that begin parts are those below blank lines, and hardly any others are. */
export function beginAllBlocks(starts: readonly number[], { text, areApart }: Looked): boolean {
  const blocks = text.filter((line) => areApart[line]).length;
  const begun = starts.filter((line) => areApart[line]).length;
  return begun >= 2 * fewestRecords && begun >= 0.9 * starts.length && begun >= 0.9 * blocks;
}
