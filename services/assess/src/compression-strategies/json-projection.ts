// Keeps of a tool's result the rows and fields that the question asks for, and what tells most of the rest.
import type { ToolItem } from "@nocp/contracts/context-item.ts";
import { parseQuestion, type Question } from "@nocp/text/questions/question.ts";
import type { CompressionInput, CompressionOutput, CompressionStrategy, MeasuredItem } from "../compression-strategy.ts";
import { estimateAt, type RecallCurve } from "../recall-curve.ts";
import { writeFactored } from "../structured/factor-json.ts";
import { type FollowedRows, followKeys } from "../structured/follow-keys.ts";
import { projectValue } from "../structured/project-value.ts";
import { readStructure, type StructureReading } from "../structured/read-structure.ts";
import { contentOf } from "../structured/string-content.ts";
import { createValueTree } from "../structured/value-tree.ts";
import { textResultOf } from "../text/text-result.ts";
import { unitsOf } from "../written-units.ts";

/**
 * Up to .2 as measured on questions for an overview of an API's answers, the hardest of the development sets; from .3 on
 * on small tables, where .3 kept every row that a filter or a join needs in .92 of the cases. A question for one row of a
 * large table keeps its answer at .02.
 */
const curve: RecallCurve = [
  [0.01, 0.12],
  [0.02, 0.26],
  [0.05, 0.38],
  [0.1, 0.57],
  [0.2, 0.86],
  [0.3, 0.92],
  [0.5, 0.97],
];

const strategy: CompressionStrategy = {
  name: "json-projection",
  description:
    "Writes a tool's result with tables and repeated parts once where that fits; otherwise keeps the rows and fields that the question asks for, and drops URLs, hashes and empty fields first.",
  loss: "recoverable",

  takes: (item) => item.kind === "tool" && textResultOf(item.data) === undefined,

  estimate: (input) => estimateAt(curve, input),

  compress(input): CompressionOutput {
    const question = parseQuestion(input.query);
    let budget = input.budgetTokens;
    let rawLeft = input.items.reduce((sum, { tokens }) => sum + tokens, 0);
    let kept = 0;
    let total = 0;
    let read: readonly ReadItem[] | undefined;
    const pieces = input.items.map((measured, at) => {
      input.signal?.throwIfAborted();
      const share = Math.floor((budget * measured.tokens) / Math.max(1, rawLeft));
      const readOwn = () => {
        read ??= readItems(input.items, question);
        return read[at] as ReadItem;
      };
      const { piece, keptLeaves, totalLeaves } = compressItem(measured, readOwn, question, share, input);
      budget -= piece.tokens;
      rawLeft -= measured.tokens;
      kept += keptLeaves;
      total += totalLeaves;
      return piece;
    });
    return { pieces, justification: `kept ${kept} of ${total} values` };
  },
};

/** Share of the tokens from which it is worth trying to write the whole in fewer: tables and repeated parts seldom save more. */
const losslessShare = 0.4;

interface ReadItem {
  readonly reading: StructureReading;
  readonly followed: FollowedRows;
}

/** All results together: a key in one leads to rows of another. */
function readItems(items: readonly MeasuredItem[], question: Question): ReadItem[] {
  const readings = items.map(({ item }) => {
    const { name, data } = item as ToolItem;
    return readStructure(createValueTree(data, name), question);
  });
  const followed = followKeys(readings);
  return readings.map((reading, at) => ({ reading, followed: followed[at] as FollowedRows }));
}

function compressItem(
  measured: MeasuredItem,
  readOwn: () => ReadItem,
  question: Question,
  budgetTokens: number,
  { counter, explain = false, listsUnits = false }: CompressionInput,
) {
  const { item, text, tokens } = measured;
  if (tokens <= budgetTokens) return { piece: { itemId: item.id, text, tokens, removed: false }, keptLeaves: 0, totalLeaves: 0 };
  const { name, data: value } = item as ToolItem;
  if (budgetTokens >= losslessShare * tokens) {
    const short = writeFactored(contentOf(value), `${name}: `);
    const shortTokens = short === undefined ? tokens : counter.count(short);
    // Nothing is lost, but the original's bytes are not these: the archive gets them.
    if (short !== undefined && shortTokens <= budgetTokens) {
      const parts = explain
        ? { parts: [{ mark: "", marks: 0, under: [], what: "nothing: repeated parts are written once" }] }
        : {};
      return {
        piece: { itemId: item.id, text: short, tokens: shortTokens, removed: true, isWhole: true, ...parts },
        keptLeaves: 0,
        totalLeaves: 0,
      };
    }
  }
  const { reading, followed } = readOwn();
  const form = { opening: `${name}:\n`, explain, written: listsUnits ? unitsOf(measured) : undefined };
  const projection = projectValue(reading, question, followed, tokens, budgetTokens, counter, form);
  const { text: left, tokens: leftTokens, parts, units } = projection;
  const told = { ...(parts ? { parts } : {}), ...(units ? { units } : {}) };
  return {
    piece: { itemId: item.id, text: left, tokens: leftTokens, removed: true, ...told },
    keptLeaves: projection.kept,
    totalLeaves: projection.total,
  };
}

export default strategy;
