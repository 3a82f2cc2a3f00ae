// Keeps the turns that the question is about, the last turns, and of the others the values that a later step may need.
import type { CompressionStrategy } from "../compression-strategy.ts";
import { estimateAt } from "../recall-curve.ts";
import { turnCurve, turnSelection } from "../text/turn-selection.ts";

const strategy: CompressionStrategy = {
  name: "conversation-selection",
  description: "Keeps the turns that the question is about, the last turns, and identifiers and numbers of the others.",
  loss: "recoverable",
  takes: (item) => item.kind === "message",
  estimate: (input) => estimateAt(turnCurve, input),
  compress: (input) => turnSelection(input),
};
export default strategy;
