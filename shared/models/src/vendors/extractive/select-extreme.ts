// The row with the largest or smallest number, for questions such as `Which product is the cheapest?`.
import type { ContextRecord, Field } from "./context-record.ts";
import type { SelectedRecord } from "./select-record.ts";
import { type Question, stemOf, wordsOfKey } from "./words.ts";

const largest = /\b(most|highest|largest|biggest|greatest|maximum|max|top|longest|oldest version|latest|newest)\b/i;
const smallest = /\b(least|lowest|smallest|fewest|minimum|min|cheapest|shortest|earliest)\b/i;
/** What adjectives speak of. */
const measures: readonly (readonly [RegExp, string])[] = [
  [/\b(expensive|cheapest|cost|priced?)\b/i, "price cost amount"],
  [/\b(common|frequent|often|many|most|fewest)\b/i, "count total number n quantity"],
];

const FEWEST_ROWS = 2;

/** @returns undefined when the question has no superlative, or no column of numbers fits it. */
export function selectExtreme(records: readonly ContextRecord[], query: string, question: Question): SelectedRecord | undefined {
  const sign = smallest.test(query) ? -1 : largest.test(query) ? 1 : 0;
  if (sign === 0) return undefined;
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
function measuredColumn(records: readonly ContextRecord[], query: string, question: Question): string | undefined {
  const rows = new Map<string, number>();
  for (const { fields } of records) {
    for (const { name, value } of fields) if (numberOf(value) !== undefined) rows.set(name, (rows.get(name) ?? 0) + 1);
  }
  const columns = [...rows].filter(([, count]) => count >= FEWEST_ROWS).map(([name]) => name);
  const named = (words: readonly string[]) => columns.find((column) => wordsOfKey(column).some((word) => words.includes(word)));
  const spokenOf = measures.flatMap(([pattern, fields]) => (pattern.test(query) ? fields.split(" ").map(stemOf) : []));
  return named(question.words) ?? named(spokenOf) ?? (columns.length === 1 ? columns[0] : undefined);
}

function numberOf(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === "") return undefined;
  const number = Number(value.replace(/^[$€£]\s?/, "").replace(/,(?=\d{3}\b)/g, ""));
  return Number.isFinite(number) ? number : undefined;
}
