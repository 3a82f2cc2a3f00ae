// Keeps the sentences that are about the question by their words and by their meaning: two rankings, fused.
import type { DocumentItem } from "@nocp/contracts/context-item.ts";
import {
  type CompressionInput,
  type CompressionOutput,
  CompressionRefused,
  type CompressionStrategy,
} from "../compression-strategy.ts";
import { sumTokens } from "../measure-items.ts";
import type { Comparer } from "../model-services.ts";
import { estimateAt } from "../recall-curve.ts";
import { documentSelection, sentenceCurve } from "../text/document-selection.ts";
import { itemTextOf } from "../text/item-structure.ts";
import { structureOf } from "../text/passages.ts";

const strategy: CompressionStrategy = {
  name: "embedding-ranking",
  description:
    "Keeps the sentences of documents that are about the question, by their words and by the meaning that an embedding model sees.",
  loss: "recoverable",
  requires: "embedder",
  takes: (item) => item.kind === "document",
  // As by words alone: what meaning adds was not measured with a real model.
  estimate: (input) => ({
    ...estimateAt(sentenceCurve, input),
    helperTokens: { input: sumTokens(input.items), output: 0 },
  }),
  compress: rankByMeaning,
};
export default strategy;

/** Texts embedded for one request at most; longer documents are embedded several sentences at a time. */
const maxTexts = 2048;
/** Models refuse longer texts; the first part of a sentence says what it is about. */
const maxTextCharacters = 2000;

async function rankByMeaning(input: CompressionInput): Promise<CompressionOutput> {
  const { items, query, services, signal } = input;
  const embedder = services?.embedder;
  if (!embedder) throw new CompressionRefused("no embedding model is configured");
  if (query.trim() === "" || input.budgetTokens <= 0) return documentSelection(input);
  const documents = items.map(({ item }) => item as DocumentItem);
  const similarity = await similarityOfSentences(documents, query, embedder, signal);
  const output = documentSelection(input, similarity);
  return { ...output, justification: `${output.justification}, by words and by ${embedder.model}` };
}

/** @returns the cosine of each sentence, document by document, with the question. */
async function similarityOfSentences(
  documents: readonly DocumentItem[],
  query: string,
  embedder: Comparer,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  // The same units as the selection's: similarities belong to positions.
  const structures = documents.map((document) => itemTextOf(document)?.structure ?? structureOf(document));
  const sentences = structures.map(({ units }) => units);
  const total = sentences.reduce((sum, spans) => sum + spans.length, 0);
  const window = Math.max(1, Math.ceil(total / Math.max(1, maxTexts - documents.length)));
  const texts = [query.slice(0, maxTextCharacters)];
  const textOf = new Int32Array(total);
  let sentence = 0;
  documents.forEach(({ title }, at) => {
    const text = structures[at]?.text ?? "";
    const spans = sentences[at] ?? [];
    for (let from = 0; from < spans.length; from += window) {
      const end = Math.min(spans.length, from + window);
      const own = text.slice(spans[from]?.start, spans[end - 1]?.end).trim();
      for (let position = from; position < end; position++) textOf[sentence++] = texts.length;
      texts.push(`${title === "" ? "" : `${title}: `}${own}`.slice(0, maxTextCharacters) || " ");
    }
  });
  if (total === 0) return new Float64Array(0);
  const cosines = await embedder.similarities(texts, signal);
  return Float64Array.from(textOf, (text) => cosines[text] ?? 0);
}
