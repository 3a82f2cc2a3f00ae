// Keeps of a log the lines the question asks for, all kinds of trouble, and one example of each kind with how often it came.
import type { ToolItem } from "@nocp/contracts/context-item.ts";
import { parseQuestion } from "@nocp/text/questions/question.ts";
import type { CompressionOutput, CompressionStrategy } from "../compression-strategy.ts";
import { estimateAt, type RecallCurve } from "../recall-curve.ts";
import { type LogLines, logLinesOf, logLinesOfStructure } from "../structured/log-lines.ts";
import { summariseLog } from "../structured/log-summary.ts";
import { itemTextOf } from "../text/item-structure.ts";
import { unitsOf } from "../written-units.ts";

/** As measured on questions for one event among 600 lines of a package manager's log; all were kept at .05. */
const curve: RecallCurve = [
  [0.002, 0.03],
  [0.005, 0.63],
  [0.01, 0.73],
  [0.02, 0.9],
  [0.05, 0.97],
  [0.1, 0.98],
  [0.3, 0.99],
];

/** A text that is read already is not read again. */
function logOf(item: ToolItem): LogLines | undefined {
  const read = itemTextOf(item);
  if (read === undefined) return logLinesOf(item.data);
  const log = logLinesOfStructure(read.structure);
  return log && { ...log, heading: [read.about, log.heading].filter(Boolean).join("; ") };
}

const strategy: CompressionStrategy = {
  name: "log-templates",
  description:
    "Groups the lines of a log by what they have in common but for numbers; keeps lines that match the question, errors, rare lines and extremes, and counts the rest.",
  loss: "recoverable",

  takes: (item) => item.kind === "tool" && logOf(item) !== undefined,

  estimate: (input) => estimateAt(curve, input),

  compress({ items, query, budgetTokens, counter, signal, explain, listsUnits }): CompressionOutput {
    const question = parseQuestion(query);
    let budgetLeft = budgetTokens;
    let rawLeft = items.reduce((sum, { tokens }) => sum + tokens, 0);
    let kept = 0;
    let total = 0;
    let kinds = 0;
    const pieces = items.map((measured) => {
      const { item, text, tokens } = measured;
      signal?.throwIfAborted();
      const share = Math.floor((budgetLeft * tokens) / Math.max(1, rawLeft));
      rawLeft -= tokens;
      if (tokens <= share) {
        budgetLeft -= tokens;
        return { itemId: item.id, text, tokens, removed: false };
      }
      const { name } = item as ToolItem;
      const log = logOf(item as ToolItem) ?? { lines: [], heading: "" };
      const written = listsUnits ? unitsOf(measured) : undefined;
      const summary = summariseLog(log, question, share, counter, { opening: `${name}: `, explain, written });
      budgetLeft -= summary.tokens;
      kept += summary.kept;
      total += summary.lines;
      kinds += summary.kinds;
      const { parts, units } = summary;
      const told = { ...(parts ? { parts } : {}), ...(units ? { units } : {}) };
      return { itemId: item.id, text: summary.text, tokens: summary.tokens, removed: true, ...told };
    });
    return { pieces, justification: `kept ${kept} of ${total} lines of ${kinds} kinds` };
  },
};

export default strategy;
