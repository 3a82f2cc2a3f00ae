// What a plain BM25 keeps: whole messages, sentences, records or fields, best first, up to a share of the tokens.
//
// A reference that shares nothing with the product: no stemming, no structure, no neighbours, English function words apart.
import { renderItem } from "@nocp/assess/measure-items.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";

const functionWords = new Set(
  "a an the of in on at to for and or is are was were be been do does did have has had it its this that with by from as who what when where which how".split(
    " ",
  ),
);
const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !functionWords.has(word));

/** The usual constants of BM25. */
const k1 = 1.2;
const b = 0.75;

export function keepByBm25(
  items: readonly ContextItem[],
  query: string,
  budgetTokens: number,
  counter: Pick<TokenCounter, "count">,
): string {
  const units = items.flatMap(unitsOf);
  const scores = scoresOf(units.map(wordsOf), new Set(wordsOf(query)));
  const kept = new Set<number>();
  let left = budgetTokens;
  for (const at of units
    .keys()
    .toArray()
    .sort((one, other) => scores[other]! - scores[one]!)) {
    const tokens = counter.count(units[at]!) + 1;
    if (tokens > left) continue;
    kept.add(at);
    left -= tokens;
  }
  return units.filter((_, at) => kept.has(at)).join("\n");
}

function unitsOf(item: ContextItem): string[] {
  if (item.kind === "message") return [renderItem(item)];
  if (item.kind === "document") return sentencesOf(item.text).map((sentence) => `${item.title}: ${sentence}`);
  if (typeof item.data === "string") return sentencesOf(item.data);
  return Array.isArray(item.data) ? item.data.map((row) => JSON.stringify(row)) : [...fieldsOf(item.data, "")];
}

const sentencesOf = (text: string): string[] =>
  text
    .split("\n")
    .flatMap((line) => line.split(/(?<=[.!?]) (?=[A-Z0-9"'(])/))
    .filter((sentence) => sentence.trim() !== "");

function* fieldsOf(value: unknown, path: string): Generator<string> {
  if (typeof value !== "object" || value === null) yield `${path}: ${value}`;
  else for (const [key, inner] of Object.entries(value)) yield* fieldsOf(inner, path === "" ? key : `${path}.${key}`);
}

function scoresOf(units: readonly string[][], terms: ReadonlySet<string>): number[] {
  const averageLength = units.reduce((sum, { length }) => sum + length, 0) / Math.max(1, units.length);
  const scores = units.map(() => 0);
  for (const term of terms) {
    const counts = units.map((words) => words.filter((word) => word === term).length);
    const holders = counts.filter((count) => count > 0).length;
    const rarity = Math.log(1 + (units.length - holders + 0.5) / (holders + 0.5));
    counts.forEach((count, at) => {
      const saturation = count + k1 * (1 - b + (b * units[at]!.length) / Math.max(1, averageLength));
      scores[at]! += count === 0 ? 0 : (rarity * count * (k1 + 1)) / saturation;
    });
  }
  return scores;
}
