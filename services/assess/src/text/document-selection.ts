// The units of documents that a question is about, as pieces under their titles.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { CompressionInput, CompressionOutput } from "../compression-strategy.ts";
import { sumTokens } from "../measure-items.ts";
import type { RecallCurve } from "../recall-curve.ts";
import { unitsOf } from "../written-units.ts";
import { itemTextOf } from "./item-structure.ts";
import { type Passage, structureOf } from "./passages.ts";
import { selectSentences } from "./select-sentences.ts";

/**
 * Recall of the answer, measured on questions that take two to four passages to answer, among twenty (100 of MuSiQue):
 * the hardest of the development sets. Questions that one passage answers keep more (.91 at .1 and .96 at .3 on 300 of
 * Natural Questions), so a floor of recall holds for both.
 * Checked with `./nocp benchmark recall --floors`.
 */
export const sentenceCurve: RecallCurve = [
  [0.05, 0.2],
  [0.15, 0.52],
  [0.2, 0.64],
  [0.3, 0.8],
  [0.4, 0.85],
  [0.5, 0.88],
  [0.6, 0.905],
  [0.7, 0.935],
  [0.95, 0.98],
];

interface HeadedPassage extends Passage {
  readonly heading: string;
}

/** A document, or a tool's result that is a text: what the tool is called and says of it stands before it. */
function passageOf(item: ContextItem): HeadedPassage {
  if (item.kind === "tool") {
    const { text, about, key, name } = itemTextOf(item) ?? { text: String(item.data), about: "", key: "", name: "" };
    const fields = about === "" ? "" : `${about}; ${key}:\n`;
    return { title: `${item.name} ${name}`.trim(), text, heading: `${item.name}:\n${fields}` };
  }
  const title = item.kind === "document" ? item.title : "";
  return { title, text: item.text, heading: title === "" ? "" : `${title}\n` };
}

/** @param similarity of each sentence, document by document, with the question by another measure than words. */
export function documentSelection(
  { items, query, budgetTokens, counter, explain, listsUnits }: CompressionInput,
  similarity?: Float64Array,
): CompressionOutput {
  const passages = items.map(({ item }) => passageOf(item));
  const { selected, keptSentences, sentences } = selectSentences({
    passages,
    structures: items.map(({ item }, at) => itemTextOf(item)?.structure ?? structureOf(passages[at] as Passage)),
    query,
    budgetTokens,
    rawTokens: sumTokens(items),
    counter,
    explain,
    ...(listsUnits ? { written: items.map(unitsOf) } : {}),
    ...(similarity === undefined ? {} : { similarity }),
    headingOf: (at) => passages[at]?.heading ?? "",
  });
  const opened = selected.filter(({ text }) => text !== "").length;
  return {
    pieces: items.map(({ item, text }, at) => {
      const piece = selected[at] ?? { text: "", tokens: 0 };
      return { itemId: item.id, ...piece, removed: piece.text !== text };
    }),
    justification: `kept ${keptSentences} of ${sentences} units from ${opened} of ${items.length} documents`,
  };
}
