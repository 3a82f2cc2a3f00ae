// Keeps the sentences of documents that the question is about, in their order, under their titles.
import type { CompressionStrategy } from "../compression-strategy.ts";
import { sumTokens } from "../plan-compression.ts";
import { documentSelection, sentenceRecall } from "../text/document-selection.ts";

const strategy: CompressionStrategy = {
  name: "sentence-selection",
  description: "Keeps the sentences of documents that the question is about, in their order, under their titles.",
  loss: "recoverable",
  takes: (item) => item.kind === "document",
  estimate: ({ items, budgetTokens }) => {
    const rawTokens = sumTokens(items);
    const tokens = Math.min(rawTokens, budgetTokens);
    return { tokens, expectedRecall: sentenceRecall(rawTokens === 0 ? 1 : tokens / rawTokens) };
  },
  compress: (input) => documentSelection(input),
};
export default strategy;
