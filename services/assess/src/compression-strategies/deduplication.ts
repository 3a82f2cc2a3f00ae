// Drops documents, messages, results and passages that say what an earlier one says; a line points to the one that is kept.
import type { ContextItem } from "@nocp/shared/contracts/context-item.ts";
import type {
  CompressedPiece,
  CompressionInput,
  CompressionOutput,
  CompressionStrategy,
  MeasuredItem,
} from "../compression-strategy.ts";
import { renderItem } from "../measure-items.ts";
import { findRepetitions, type Repetition, type TextUnit } from "../text/find-repetitions.ts";
import { hashWords, joinedWords, type WordHashes } from "../text/hash-words.ts";

const strategy: CompressionStrategy = {
  name: "deduplication",
  description:
    "Drops documents, messages, tool results and passages that repeat an earlier one, exactly or nearly, and points to the one that is kept.",
  loss: "recoverable",
  phase: "prepare",
  isHarmless: true,
  takes: () => true,
  // A near repetition holds no number and no name that the kept one has not.
  estimate: ({ items }) => ({ tokens: items.reduce((sum, { tokens }) => sum + tokens, 0), expectedRecall: 1 }),
  compress: dropRepetitions,
};
export default strategy;

/** A shorter unit is not worth the line that would point from it. */
const minUnitTokens = 30;
/** Tokens a character at least: what is shorter than this for sure is not counted. */
const minUnitCharacters = 80;

/** A blank line ends a passage. */
const passageBreak = /\n[^\S\n]*\n\s*/;

function dropRepetitions({ items, counter, signal }: CompressionInput): CompressionOutput {
  const bodies = items.map(bodyOf);
  const partsOf = bodies.map((text, at) => (items[at]?.item.kind === "tool" ? [] : passagesOf(text, at)));
  const whole = findRepetitions(bodies.map((text, at) => wholeOf(text, at, partsOf[at] ?? [])).filter(isLong));
  signal?.throwIfAborted();
  const dropped = new Map<number, number>();
  for (const { unit, kept } of whole) dropped.set(unit.owner, kept.owner);
  const parts = partsOf.flatMap((own, at) => (dropped.has(at) ? [] : own));
  const passages = byOwner(findRepetitions(parts.filter(isLong)));
  let droppedPassages = 0;
  const pieces = items.map((measured, at): CompressedPiece => {
    const { item, text, tokens } = measured;
    const raw = { itemId: item.id, text, tokens, removed: false, item };
    const keptAt = dropped.get(at);
    const own = passages.get(at) ?? [];
    if (keptAt === undefined && own.length === 0) return raw;
    const body =
      keptAt === undefined ? withoutPassages(bodies[at] ?? "", own, at, items) : `[the same as ${nameOf(items[keptAt]?.item)}]`;
    const left = withBody(item, body);
    const leftText = renderItem(left);
    const leftTokens = counter.count(leftText);
    if (tokens - leftTokens < minUnitTokens / 2) {
      dropped.delete(at);
      return raw;
    }
    droppedPassages += own.length;
    return { itemId: item.id, text: leftText, tokens: leftTokens, removed: true, item: left };
  });
  return {
    pieces,
    justification: `${dropped.size} of ${items.length} items and ${droppedPassages} passages repeat others`,
  };
}

const isLong = ({ text }: TextUnit): boolean => text.length >= minUnitCharacters;

/** A result's JSON stands behind the tool's name. */
const bodyOf = ({ item, text }: MeasuredItem): string => (item.kind === "tool" ? text.slice(item.name.length + 2) : item.text);

/** The result of a tool stays a tool's result: its data becomes the line. */
const withBody = (item: ContextItem, body: string): ContextItem =>
  item.kind === "tool" ? { ...item, data: body } : { ...item, text: body };

/** An item's text; its words are those of its passages, each read once. */
const wholeOf = (text: string, owner: number, passages: readonly PassageUnit[]): TextUnit =>
  passages.length === 0 ? { text, owner } : { text, owner, words: joinedWords(passages.map(({ words }) => words)) };

interface PassageUnit extends TextUnit {
  readonly words: WordHashes;
  readonly start: number;
  readonly end: number;
}

function passageOf(whole: string, owner: number, start: number, end: number): PassageUnit {
  const text = whole.slice(start, end);
  return { text, owner, start, end, words: hashWords(text) };
}

function passagesOf(text: string, owner: number): PassageUnit[] {
  const passages: PassageUnit[] = [];
  let start = 0;
  for (const match of text.matchAll(new RegExp(passageBreak, "g"))) {
    passages.push(passageOf(text, owner, start, match.index));
    start = match.index + match[0].length;
  }
  if (passages.length > 0) passages.push(passageOf(text, owner, start, text.length));
  return passages;
}

function byOwner(repetitions: readonly Repetition<PassageUnit>[]): Map<number, Repetition<PassageUnit>[]> {
  const found = new Map<number, Repetition<PassageUnit>[]>();
  for (const repetition of repetitions) {
    const own = found.get(repetition.unit.owner);
    if (own) own.push(repetition);
    else found.set(repetition.unit.owner, [repetition]);
  }
  return found;
}

/** Each run of dropped passages that point to one item becomes one line. */
function withoutPassages(
  body: string,
  repetitions: readonly Repetition<PassageUnit>[],
  owner: number,
  items: CompressionInput["items"],
): string {
  let text = "";
  let from = 0;
  let last: number | undefined;
  for (const { unit, kept } of repetitions) {
    const between = body.slice(from, unit.start);
    text += between.trim() === "" && text !== "" ? "" : between;
    const isRun = last === kept.owner && between.trim() === "";
    if (!isRun) text += `[repeated: see ${kept.owner === owner ? "above" : nameOf(items[kept.owner]?.item)}]\n\n`;
    last = kept.owner;
    from = unit.end;
  }
  return `${text}${body.slice(from).replace(/^\s+/, "")}`.trimEnd();
}

const beginningLength = 40;

/** As a reader of the context finds it: its title, or how it begins. */
function nameOf(item: ContextItem | undefined): string {
  if (item === undefined) return "another";
  if (item.kind === "tool") return `an earlier result of ${item.name}`;
  if (item.kind === "document" && item.title !== "") return `"${item.title}"`;
  const beginning = item.text.trim().slice(0, beginningLength).replace(/\s+/g, " ").trimEnd();
  return `the ${item.kind} that begins "${beginning}…"`;
}
