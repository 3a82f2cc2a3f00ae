// The row with the largest or smallest number, for questions such as `Which product is the cheapest?`.

import { wordsOfKey } from "@nocp/text/words/split-words.ts";
import { stemsOf } from "@nocp/text/words/word-terms.ts";
import type { AskedQuestion } from "./asked-question.ts";
import type { ContextRecord, Field } from "./context-record.ts";
import type { SelectedRecord } from "./select-record.ts";

/** What adjectives speak of. */
const measures: readonly (readonly [RegExp, string])[] = [
  [/\b(expensive|cheapest|cost|priced?)\b/i, "price cost amount"],
  [/\b(common|frequent|often|many|most|fewest)\b/i, "count total number n quantity"],
];

const fewestRows = 2;

/** @returns undefined when the question has no superlative, or no column of numbers fits it. */
export function selectExtreme(
  records: readonly ContextRecord[],
  query: string,
  question: AskedQuestion,
): SelectedRecord | undefined {
  if (question.extreme === undefined) return undefined;
  const sign = question.extreme === "highest" ? 1 : -1;
  const column = measuredColumn(records, query, question);
  if (column === undefined) return undefined;
  let best: { record: ContextRecord; field: Field; number: number } | undefined;
  for (const record of records) {
    const field = record.fields.find(({ name }) => name === column);
    const number = numberOf(field?.value);
    if (field && number !== undefined && (!best || (number - best.number) * sign > 0)) best = { record, field, number };
  }
  if (!best) return undefined;
  const { record, field } = best;
  const others = record.fields.filter((other) => other !== field && numberOf(other.value) === undefined);
  return { record, wanted: [field], identifying: others.slice(0, 2), coverage: 0.6, score: 1 };
}

/** The column of numbers that the question names, or speaks of; a lone one needs no name. */
function measuredColumn(records: readonly ContextRecord[], query: string, question: AskedQuestion): string | undefined {
  const rows = new Map<string, number>();
  for (const { fields } of records) {
    for (const { name, value } of fields) if (numberOf(value) !== undefined) rows.set(name, (rows.get(name) ?? 0) + 1);
  }
  const columns = [...rows].filter(([, count]) => count >= fewestRows).map(([name]) => name);
  const named = (words: readonly string[]) =>
    columns.find((column) =>
      wordsOfKey(column).some((word) => stemsOf(word, question.stemOf).some((stem) => words.includes(stem))),
    );
  const spokenOf = measures.flatMap(([pattern, fields]) => (pattern.test(query) ? fields.split(" ").map(question.stemOf) : []));
  return named(question.stems) ?? named(spokenOf) ?? (columns.length === 1 ? columns[0] : undefined);
}

function numberOf(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === "") return undefined;
  const number = Number(value.replace(/^[$€£]\s?/, "").replace(/,(?=\d{3}\b)/g, ""));
  return Number.isFinite(number) ? number : undefined;
}
