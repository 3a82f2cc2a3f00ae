// Keeps the sentences and turns that are about the question by their words and by their meaning.
import type { DocumentItem, MessageItem } from "@nocp/contracts/context-item.ts";
import {
  type CompressionInput,
  type CompressionOutput,
  CompressionRefused,
  type CompressionStrategy,
} from "../compression-strategy.ts";
import { sumTokens } from "../measure-items.ts";
import { estimateAt } from "../recall-curve.ts";
import { documentSelection, sentenceCurve } from "../text/document-selection.ts";
import { itemTextOf } from "../text/item-structure.ts";
import { structureOf } from "../text/passages.ts";
import { turnCurve, turnSelection } from "../text/turn-selection.ts";

const strategy: CompressionStrategy = {
  name: "embedding-ranking",
  description:
    "Keeps the sentences of documents and the turns of conversations that are about the question, by their words and by the meaning that an embedding model sees.",
  loss: "recoverable",
  requires: "embedder",
  takes: (item) => item.kind === "document" || item.kind === "message",
  // As by words alone: what meaning adds differs from model to model.
  estimate: (input) => ({
    ...estimateAt(isConversation(input) ? turnCurve : sentenceCurve, input),
    helperTokens: { input: sumTokens(input.items), output: 0 },
  }),
  compress: rankByMeaning,
};
export default strategy;

/** Texts embedded for one request at most; longer contexts are embedded several sentences or turns at a time. */
const maxTexts = 2047;
/** Models refuse longer texts; the first part of a sentence says what it is about. */
const maxTextCharacters = 2000;

/** Messages are worked on apart from documents. */
const isConversation = ({ items }: Pick<CompressionInput, "items">): boolean => items[0]?.item.kind === "message";

async function rankByMeaning(input: CompressionInput): Promise<CompressionOutput> {
  const { items, query, services, signal } = input;
  const embedder = services?.embedder;
  if (!embedder) throw new CompressionRefused("no embedding model is configured");
  const isTalk = isConversation(input);
  const select = isTalk ? turnSelection : documentSelection;
  if (query.trim() === "" || input.budgetTokens <= 0) return select(input);
  const all = items.map(({ item }) => item);
  const { texts, textOf } = isTalk ? turnTexts(all as MessageItem[]) : sentenceTexts(all as DocumentItem[]);
  const asked = [query, ...texts].map((text) => text.slice(0, maxTextCharacters) || " ");
  const cosines = texts.length === 0 ? [] : await embedder.similarities(asked, signal);
  const output = select(
    input,
    Float64Array.from(textOf, (text) => cosines[1 + text] ?? 0),
  );
  return { ...output, justification: `${output.justification}, by words and by ${embedder.model}` };
}

/** What is compared with the question. */
interface ComparedTexts {
  readonly texts: readonly string[];
  /** Of each sentence or turn, its text. */
  readonly textOf: Int32Array;
}

function turnTexts(messages: readonly MessageItem[]): ComparedTexts {
  const window = Math.ceil(messages.length / maxTexts) || 1;
  const texts: string[] = [];
  for (let from = 0; from < messages.length; from += window) {
    const turns = messages.slice(from, from + window);
    texts.push(turns.map(({ role, text }) => `${role}: ${text}`).join("\n"));
  }
  return { texts, textOf: Int32Array.from(messages, (_, turn) => Math.floor(turn / window)) };
}

/** The sentences of all documents, one document after the other. */
function sentenceTexts(documents: readonly DocumentItem[]): ComparedTexts {
  // The same units as the selection's: similarities belong to positions.
  const structures = documents.map((document) => itemTextOf(document)?.structure ?? structureOf(document));
  const total = structures.reduce((sum, { units }) => sum + units.length, 0);
  const window = Math.max(1, Math.ceil(total / Math.max(1, maxTexts - documents.length)));
  const texts: string[] = [];
  const textOf = new Int32Array(total);
  let sentence = 0;
  structures.forEach(({ text, units }, at) => {
    const { title } = documents[at] as DocumentItem;
    for (let from = 0; from < units.length; from += window) {
      const end = Math.min(units.length, from + window);
      const own = text.slice(units[from]?.start, units[end - 1]?.end).trim();
      for (let position = from; position < end; position++) textOf[sentence++] = texts.length;
      texts.push(`${title === "" ? "" : `${title}: `}${own}`);
    }
  });
  return { texts, textOf };
}
