// Keeps the sentences of documents, and of tools' results that are text, that the question is about, in their order, under their titles.
import type { CompressionStrategy } from "../compression-strategy.ts";
import { estimateAt } from "../recall-curve.ts";
import { isPlainText } from "../structured/string-content.ts";
import { documentSelection, sentenceCurve } from "../text/document-selection.ts";

const strategy: CompressionStrategy = {
  name: "sentence-selection",
  description:
    "Keeps the sentences of documents, and of tools' results that are text, that the question is about, in their order, under their titles.",
  loss: "recoverable",
  takes: (item) => item.kind === "document" || (item.kind === "tool" && isPlainText(item.data)),
  estimate: (input) => estimateAt(sentenceCurve, input),
  compress: (input) => documentSelection(input),
};
export default strategy;
