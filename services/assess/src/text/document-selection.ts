// The sentences of documents that a question is about, as pieces under their titles.
import type { DocumentItem } from "@nocp/shared/contracts/context-item.ts";
import type { CompressionInput, CompressionOutput } from "../compression-strategy.ts";
import { sumTokens } from "../plan-compression.ts";
import { type RecallCurve, recallAt } from "../recall-curve.ts";
import { selectSentences } from "./select-sentences.ts";

/**
 * Recall of the answer, measured on questions that take two to four passages to answer, among twenty (100 of MuSiQue):
 * the hardest of the development sets. Questions that one passage answers keep more (.91 at .1 and .96 at .3 on 300 of
 * Natural Questions), so a floor of recall holds for both.
 */
const curve: RecallCurve = [
  [0.05, 0.25],
  [0.15, 0.56],
  [0.2, 0.68],
  [0.3, 0.83],
  [0.4, 0.86],
  [0.5, 0.88],
  [0.6, 0.905],
  [0.7, 0.935],
];

/** @returns the expected recall at a share of tokens kept. */
export const sentenceRecall = (keptShare: number): number => recallAt(curve, keptShare);

/** @param similarity of each sentence, document by document, with the question by another measure than words. */
export function documentSelection(
  { items, query, budgetTokens, counter }: CompressionInput,
  similarity?: Float64Array,
): CompressionOutput {
  const documents = items.map(({ item }) => item as DocumentItem);
  const { selected, keptSentences, sentences } = selectSentences({
    passages: documents,
    query,
    budgetTokens,
    rawTokens: sumTokens(items),
    counter,
    ...(similarity === undefined ? {} : { similarity }),
    headingOf: (at) => (documents[at]?.title ? `${documents[at].title}\n` : ""),
  });
  const opened = selected.filter(({ text }) => text !== "").length;
  return {
    pieces: items.map(({ item, text }, at) => {
      const piece = selected[at] ?? { text: "", tokens: 0 };
      return { itemId: item.id, ...piece, removed: piece.text !== text };
    }),
    justification: `kept ${keptSentences} of ${sentences} sentences from ${opened} of ${items.length} documents`,
  };
}
