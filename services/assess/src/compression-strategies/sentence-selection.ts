// Keeps the units of documents, and of tools' results that are text, that the question is about, in their order, below their parents.
import type { CompressionStrategy } from "../compression-strategy.ts";
import { estimateAt } from "../recall-curve.ts";
import { documentSelection, sentenceCurve } from "../text/document-selection.ts";
import { textResultOf } from "../text/text-result.ts";

const strategy: CompressionStrategy = {
  name: "sentence-selection",
  description:
    "Keeps the sentences, entries, hunks, functions and records of texts that the question is about, in their order, below the headings, files and sections they stand under.",
  loss: "recoverable",
  takes: (item) => item.kind === "document" || (item.kind === "tool" && textResultOf(item.data) !== undefined),
  estimate: (input) => estimateAt(sentenceCurve, input),
  compress: (input) => documentSelection(input),
};
export default strategy;
