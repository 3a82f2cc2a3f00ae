// Replaces old results of tools by a line that says what they were and how large; the last ones stay.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { CompressedPiece, CompressionInput, CompressionOutput, CompressionStrategy } from "../compression-strategy.ts";
import { formatCount } from "../cost-model.ts";

const strategy: CompressionStrategy = {
  name: "observation-masking",
  description:
    "Replaces old results of tools, in the conversation and in rounds of the model's own calls, by a line that says what they were; the last ones stay.",
  loss: "recoverable",
  phase: "prepare",
  takes: isObservation,
  estimate: ({ items }) => {
    const raw = items.reduce((sum, { tokens }) => sum + tokens, 0);
    const masked = maskedCount(items.length);
    const old = items.slice(0, masked).reduce((sum, { tokens }) => sum + tokens, 0);
    return { tokens: raw - old, expectedRecall: 1 - lostWithAll * (raw === 0 ? 0 : old / raw) };
  },
  compress: maskOldResults,
};
export default strategy;

/**
 * Results at the end that stay, as in Anthropic's context editing (`keep`: 3 tool uses). Results are masked three at a
 * time, so that the vendor's cache of what stands behind them is lost every third round only.
 */
const keptResults = 3;
const maskedAtOnce = 3;
/** A shorter result costs hardly more than the line in its place. */
const minResultTokens = 60;
/**
 * What masking everything but the last results loses. The last mention of what a later call needs stands within the
 * last ten messages for 84 % of values, and within twenty for 96 % (tau-bench, airline).
 */
const lostWithAll = 0.16;

function isObservation(item: ContextItem): boolean {
  if (item.kind === "tool") return item.round !== undefined;
  return item.kind === "message" && (item.isToolResult === true || item.role === "tool");
}

const maskedCount = (results: number): number => Math.max(0, Math.floor((results - keptResults) / maskedAtOnce) * maskedAtOnce);

function maskOldResults({ items, counter, explain }: CompressionInput): CompressionOutput {
  const old = maskedCount(items.length);
  let masked = 0;
  const pieces = items.map(({ item, text, tokens }, at): CompressedPiece => {
    const raw = { itemId: item.id, text, tokens, removed: false, item };
    if (at >= old || tokens < minResultTokens) return raw;
    const mark = `[earlier result left out: ${describe(item)}, ${formatCount(tokens)} tokens]`;
    const line = `${sourceOf(item)}: ${mark}`;
    const lineTokens = counter.count(line);
    if (lineTokens >= tokens) return raw;
    masked++;
    const parts = explain ? { parts: [{ mark, marks: 1, under: [], what: "all of it" }] } : {};
    return { itemId: item.id, text: line, tokens: lineTokens, removed: true, ...parts };
  });
  return { pieces, justification: `masked ${masked} of ${items.length} tool results, the last ${keptResults} stay` };
}

const sourceOf = (item: ContextItem): string =>
  item.kind === "tool" ? item.name : item.kind === "message" ? item.role : item.title;

const maxFields = 8;

/** `40 rows of id, status, total`, `an object of id, name`, `a text that begins "…"`. */
function describe(item: ContextItem): string {
  if (item.kind === "tool") return describeValue(item.data);
  const { text } = item;
  try {
    return /^\s*[[{]/.test(text) ? describeValue(JSON.parse(text)) : describeValue(text);
  } catch {
    return describeValue(text);
  }
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) {
    const [first] = value;
    return `${value.length} rows${isRecord(first) ? ` of ${fieldsOf(first)}` : ""}`;
  }
  if (isRecord(value)) return `an object of ${fieldsOf(value)}`;
  if (typeof value === "string") return `a text that begins "${value.trim().slice(0, 40).replace(/\s+/g, " ").trimEnd()}"`;
  return `a ${typeof value}`;
}

function fieldsOf(record: object): string {
  const fields = Object.keys(record);
  const shown = fields.slice(0, maxFields).map((field) => field.slice(0, 40));
  return `${shown.join(", ")}${fields.length > maxFields ? ", …" : ""}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
