// A text of records alike, of which one is asked for by a value that only it has.
import type { FaithfulnessCase } from "./faithfulness-case.ts";
import type { Words } from "./words.ts";

export interface RecordShape {
  readonly name: string;
  query(value: number, name: string): string;
  record(name: string, value: number, at: number): string;
  line(value: number): string;
  parent(name: string): string;
  readonly siblings: RegExp;
  readonly before?: string;
  readonly after?: string;
}

/** One record for each of `count` names. */
export function records(words: Words, count: number, shape: RecordShape): FaithfulnessCase {
  const names = words.words(count);
  const chosen = words.below(count);
  const value = (at: number) => 4100 + at * 7;
  return {
    query: shape.query(value(chosen), names[chosen] as string),
    name: shape.name,
    text: `${shape.before ?? ""}${names.map((name, at) => shape.record(name, value(at), at)).join("")}${shape.after ?? ""}`,
    gold: {
      line: shape.line(value(chosen)),
      parent: shape.parent(names[chosen] as string),
      siblings: shape.siblings,
    },
  };
}

/** The name stands below the line that is asked for: both have to be there. */
export function nameBelow(made: FaithfulnessCase): FaithfulnessCase {
  return "line" in made.gold ? { ...made, gold: { all: [made.gold.line, made.gold.parent] } } : made;
}
