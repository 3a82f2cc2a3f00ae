// Answers a question from a context alone, by finding and quoting; says so when there is nothing to quote.

import { type Prompt, wholeContext } from "@nocp/contracts/prompt.ts";
import { withoutReferenceLines } from "@nocp/contracts/reference-line.ts";
import { readAskedQuestion } from "./asked-question.ts";
import type { ContextRecord, Field } from "./context-record.ts";
import { readContext } from "./context-records.ts";
import { createWordFinder } from "./find-words.ts";
import { selectExtreme } from "./select-extreme.ts";
import { type SelectedRecord, selectRecords } from "./select-record.ts";
import { selectSentences } from "./select-sentences.ts";
import { toolFailures, withoutFailures } from "./tool-failures.ts";

export interface ExtractedAnswer {
  readonly text: string;
  /** Share of the question's weight that the quoted part holds, between 0 and 1; 0 for no answer. */
  readonly confidence: number;
}

export const noAnswer = "The context does not answer this.";

/** A record that holds less of the question than this is about something else; sentences need more. */
const smallestCoverage = 0.52;
const smallestConfidence = 0.62;
/** A result this small is most likely what the tool was called for, whatever its fields are named. */
const smallResultRows = 5;
const mostRecords = 3;
const mostFields = 12;
/** Records with fields longer than this are documents, not rows. */
const longestValue = 400;

export function extractAnswer(prompt: Prompt): ExtractedAnswer {
  const context = contextOf(prompt);
  const failures = toolFailures(context);
  const found = findAnswer(withoutReferenceLines(withoutFailures(context)), prompt.query);
  const text = [found?.text ?? noAnswer, ...failures.map((failure) => `Note: ${failure}`)].join("\n");
  return { text, confidence: found?.confidence ?? 0 };
}

/** Everything the prompt holds besides the question: the context, results of tools, and the conversation. */
export const contextOf = ({ context, toolRounds, history }: Prompt): string =>
  [
    wholeContext({ context, history }),
    ...toolRounds.filter(({ role }) => role === "tool").map(({ text }) => text),
    ...history.map(({ text }) => text),
  ]
    .filter((text) => text !== "")
    .join("\n\n");

function findAnswer(context: string, query: string): ExtractedAnswer | undefined {
  const question = readAskedQuestion(query);
  const named = createWordFinder(question)(context);
  // What is told of another thing is no answer, however much of the question it has.
  if (question.words.some(({ isName }, at) => isName && !named.has(at))) return undefined;
  const { records, prose } = readContext(context);
  const extreme = selectExtreme(records.filter(isRow), query, question);
  if (extreme) return { text: describeSelected(extreme), confidence: extreme.coverage };
  const selected = selectRecords(records.filter(isRow), question);
  const best = selected[0];
  const sentences = selectSentences(prose, question);
  if (best && answers(best) && isBetter(best, sentences.confidence)) {
    return { text: describeRecords(selected, best), confidence: best.coverage };
  }
  if (sentences.confidence >= smallestConfidence)
    return { text: sentences.sentences.join(" "), confidence: sentences.confidence };
  if (best && answers(best)) return { text: describeRecords(selected, best), confidence: best.coverage };
  const rows = smallResult(records.slice(0, smallResultRows * 2), prose);
  return rows.length > 0 ? { text: rows.map(describeWhole).join("\n"), confidence: smallestCoverage } : undefined;
}

/** A record that has both the thing and the field asked for needs less of the question's other words. */
const answers = ({ coverage, wanted, identifying }: SelectedRecord): boolean =>
  coverage >= (wanted.length > 0 && identifying.length > 0 ? smallestCoverage / 1.5 : smallestCoverage);

/** A field asked for by name is a shorter answer than a sentence that says as much. */
const isBetter = ({ coverage, wanted }: SelectedRecord, sentenceConfidence: number): boolean =>
  wanted.length > 0 ? coverage >= sentenceConfidence * 0.8 : coverage > sentenceConfidence;

const isRow = ({ fields }: ContextRecord): boolean => fields.every(({ value }) => value.length <= longestValue);

/** A few rows of one kind, and nothing else; what stands around them, such as a list of columns, does not count. */
function smallResult(records: readonly ContextRecord[], prose: string): readonly ContextRecord[] {
  const rows = records.filter(({ label }) => !records.some((other) => other.label.startsWith(`${label} `)));
  const kinds = new Set(rows.map(({ fields }) => fields.map(({ name }) => name).join()));
  return prose === "" && kinds.size === 1 && rows.length <= smallResultRows && rows.every(isRow) ? rows : [];
}

/** The best record, and those that answer exactly as well, each on its line. */
function describeRecords(selected: readonly SelectedRecord[], best: SelectedRecord): string {
  const equals = selected.filter(({ score }) => score === best.score).slice(0, mostRecords);
  return [...new Set(equals.map(describeSelected))].join("\n");
}

/** `version: 4.6.7 (packages node_modules/zod)`: the field asked for, and what it is a field of. */
function describeSelected({ record, wanted, identifying }: SelectedRecord): string {
  if (wanted.length === 0) return describeWhole(record);
  const fields = wanted.map(formatField).join(", ");
  const others = identifying.length > 0 ? identifying : record.fields.filter((field) => !wanted.includes(field)).slice(0, 2);
  const owner = [record.label, (identifying.length > 0 || record.label === "") && others.map(formatField).join(", ")]
    .filter(Boolean)
    .join("; ");
  return owner === "" ? fields : `${fields} (${owner})`;
}

const formatField = ({ name, value }: Field): string => `${name}: ${value}`;

const describeWhole = ({ label, fields }: ContextRecord): string =>
  `${label === "" ? "" : `${label}: `}${fields.slice(0, mostFields).map(formatField).join(", ")}`;
