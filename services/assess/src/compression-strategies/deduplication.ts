// Drops documents, results and passages that say what an earlier one says; a line points to the one that is kept.
import type { RemovedPart } from "@nocp/contracts/accounting.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type {
  CompressedPiece,
  CompressionInput,
  CompressionOutput,
  CompressionStrategy,
  MeasuredItem,
} from "../compression-strategy.ts";
import { renderItem } from "../measure-items.ts";
import { findRepetitions, type Repetition, type TextUnit } from "../text/find-repetitions.ts";
import { createEarlierItems, type EarlierItems } from "../text/name-earlier-items.ts";
import { type Passage, passagesOf, type RepeatedRun, runsOf, withoutRuns } from "../text/repeated-passages.ts";
import { fingerprintOf, joinFingerprints } from "../text/without-layout.ts";

const strategy: CompressionStrategy = {
  name: "deduplication",
  description:
    "Drops documents, tool results and passages that repeat an earlier one word for word, and points to the one that is kept.",
  loss: "recoverable",
  phase: "prepare",
  isHarmless: true,
  // Of messages the last counts, and a line in place of an older one costs what the vendor has cached of the conversation.
  takes: ({ kind }) => kind !== "message",
  // A repetition differs in its layout at most.
  estimate: ({ items }) => ({ tokens: items.reduce((sum, { tokens }) => sum + tokens, 0), expectedRecall: 1 }),
  compress: dropRepetitions,
};
export default strategy;

/** A shorter unit is not worth the line that would point from it. */
const minUnitTokens = 30;
/** Tokens a character at least: what is shorter than this for sure is not counted. */
const minUnitCharacters = 80;

function dropRepetitions({ items, counter, signal, explain = false }: CompressionInput): CompressionOutput {
  const wholes = items.map(wholeOf);
  const results = wholes.filter((_, at) => items[at]?.item.kind === "tool");
  const texts = wholes.filter((_, at) => items[at]?.item.kind !== "tool");
  const repeated = new Map([...repetitionsIn(results), ...repetitionsIn(texts)].map((found) => [found.unit.owner, found]));
  signal?.throwIfAborted();
  const passages = byOwner(repetitionsIn(texts.filter(({ owner }) => !repeated.has(owner)).flatMap(({ passages: own }) => own)));
  const earlier = createEarlierItems();
  let droppedItems = 0;
  let droppedPassages = 0;
  const pieces = items.map((measured, at): CompressedPiece => {
    const { item, text, tokens } = measured;
    const repetition = repeated.get(at);
    const runs = worthwhileRuns(passages.get(at) ?? [], at, earlier);
    const parts: RemovedPart[] = [];
    const body = repetition
      ? wholeLine(repetition, item, earlier)
      : withoutRuns((wholes[at] as Whole).text, runs, (run) => {
          const mark = passageLine(run, at, earlier);
          const count = run.last - run.first + 1;
          parts.push({ mark, marks: 1, under: [], what: `${count} passage${count === 1 ? "" : "s"}` });
          return mark;
        });
    const piece = repetition || runs.length > 0 ? shorterPiece(measured, body, counter) : undefined;
    earlier.add(item, piece && repetition?.kept.owner);
    if (!piece) return { itemId: item.id, text, tokens, removed: false, item };
    if (repetition) droppedItems++;
    else droppedPassages += runs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    if (!explain) return piece;
    const whole = repetition ? [{ mark: body, marks: 1, under: [], what: "all of it" }] : [];
    return { ...piece, parts: [...whole, ...parts] };
  });
  return { pieces, justification: `${droppedItems} of ${items.length} items and ${droppedPassages} passages repeat others` };
}

/** Nothing where too little would be saved. */
function shorterPiece({ item, tokens }: MeasuredItem, body: string, counter: TokenCounter): CompressedPiece | undefined {
  const left = withBody(item, body);
  const text = renderItem(left);
  const leftTokens = counter.count(text);
  if (tokens - leftTokens < minUnitTokens / 2) return undefined;
  return { itemId: item.id, text, tokens: leftTokens, removed: true, item: left };
}

interface Whole extends TextUnit {
  readonly passages: readonly Passage[];
}

/** A result is its JSON, which stands behind the tool's name, and is compared letter for letter; a text is its passages. */
function wholeOf({ item, text: rendered }: MeasuredItem, owner: number): Whole {
  if (item.kind === "tool") {
    const text = rendered.slice(item.name.length + 2);
    return { owner, text, fingerprint: fingerprintOf(text), wording: () => text, passages: [] };
  }
  const text = item.text.trim();
  const passages = passagesOf(text, owner);
  const wording = () => passages.map((passage) => passage.wording()).join("\n\n");
  const fingerprint = passages.reduce((joined, passage) => joinFingerprints(joined, passage.fingerprint), 0);
  return { owner, text, fingerprint, wording, passages };
}

const repetitionsIn = <U extends TextUnit>(units: readonly U[]): Repetition<U>[] =>
  findRepetitions(units.filter(({ text }) => text.length >= minUnitCharacters));

function byOwner(repetitions: readonly Repetition<Passage>[]): Map<number, Repetition<Passage>[]> {
  const found = new Map<number, Repetition<Passage>[]>();
  for (const repetition of repetitions) {
    const own = found.get(repetition.unit.owner);
    if (own) own.push(repetition);
    else found.set(repetition.unit.owner, [repetition]);
  }
  return found;
}

/** Those that are longer than the lines in their place by enough. */
const worthwhileRuns = (repetitions: readonly Repetition<Passage>[], owner: number, earlier: EarlierItems): RepeatedRun[] =>
  runsOf(repetitions).filter((run) => run.end - run.start >= 2 * passageLine(run, owner, earlier).length);

/** The result of a tool stays a tool's result: its data becomes the line. */
const withBody = (item: ContextItem, body: string): ContextItem =>
  item.kind === "tool" ? { ...item, data: body } : { ...item, text: body };

const sameness = (isExact: boolean): string => (isExact ? "the same" : "nearly the same");

/** The name that item and repetition share is said once, unless other items of that name stand between them. */
function wholeLine({ kept, isExact }: Repetition<Whole>, item: ContextItem, earlier: EarlierItems): string {
  if (earlier.isLastOfName(kept.owner, item)) return `[${sameness(isExact)} again]`;
  return `[${sameness(isExact)} as ${earlier.nameOf(kept.owner)}]`;
}

function passageLine({ owner, first, last, isExact }: RepeatedRun, reader: number, earlier: EarlierItems): string {
  const passages = first === last ? `passage ${first}` : `passages ${first}–${last}`;
  return `[${sameness(isExact)} as ${passages} ${owner === reader ? "above" : `of ${earlier.nameOf(owner)}`}]`;
}
