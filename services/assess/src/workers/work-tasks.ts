// What assess has its worker threads do, in the form in which it goes there and comes back.
import type { ContextItem, ToolItem } from "@nocp/contracts/context-item.ts";
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { PromptShape } from "@nocp/models/tokens/calibration.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { BudgetRules } from "../budget.ts";
import type { CompressedContext, CompressionRequest } from "../compress.ts";

/** What a worker knows from its start. */
export interface WorkSettings {
  readonly defaultModel: string;
  readonly rules: BudgetRules;
}

/** A counter as it is at this moment: what is learned of a model stays in the main thread. */
export interface CounterSnapshot {
  readonly model: string;
  readonly shape: PromptShape;
  /** Undefined where tokens are counted exactly. */
  readonly factor: number | undefined;
}

export const snapshotOf = (model: string, shape: PromptShape, counter: TokenCounter): CounterSnapshot => ({
  model,
  shape,
  factor: counter.factor?.(),
});

export const counterOf = ({ model, shape, factor }: CounterSnapshot): TokenCounter =>
  createTokenCounter(model, () => (factor === undefined ? undefined : { factor, samples: 0 }), shape);

/** Copying between threads knows nothing of numbers that keep their digits, and not every depth: data travel as JSON. */
type SentItem = Exclude<ContextItem, ToolItem> | (Omit<ToolItem, "data"> & { readonly json: string });

type Sendable = Omit<CompressionRequest, "items" | "signal" | "paidCalls" | "callGuard" | "onModelCall">;

export interface CompressTask {
  readonly request: Sendable;
  readonly items: readonly SentItem[];
  readonly counter: CounterSnapshot;
}

export function compressTaskOf(
  { items, signal: _signal, paidCalls: _calls, callGuard: _guard, onModelCall: _onCall, ...request }: CompressionRequest,
  counter: CounterSnapshot,
): CompressTask {
  return { request, items: items.map(sentItem), counter };
}

export const requestOfTask = ({ request, items }: CompressTask): CompressionRequest => ({
  ...request,
  items: items.map(receivedItem),
});

function sentItem(item: ContextItem): SentItem {
  if (item.kind !== "tool") return item;
  const { data, ...rest } = item;
  return { ...rest, json: writeJson(data) };
}

function receivedItem(item: SentItem): ContextItem {
  if (item.kind !== "tool") return item;
  const { json, ...rest } = item;
  return { ...rest, data: parseExactly(json) as ToolItem["data"] };
}

/** What the handler uses of a compression. */
export const sentContext = ({
  pieces,
  strategies,
  warnings,
  bundle,
  referenceLine,
  rawTokens,
  optimizedTokens,
  removals,
}: CompressedContext): CompressedContext => ({
  pieces: pieces.map(({ itemId, text, tokens, removed, isWhole, written }) => ({
    ...{ itemId, text, tokens, removed },
    ...(isWhole && { isWhole }),
    ...(written && { written }),
  })),
  ...{ strategies, warnings, bundle, referenceLine, rawTokens, optimizedTokens },
  ...(removals ? { removals } : {}),
});

export interface CountTask {
  readonly prompt: string;
  readonly counter: CounterSnapshot;
}

export const countTaskOf = (prompt: Prompt, counter: CounterSnapshot): CountTask => ({ prompt: writeJson(prompt), counter });

export const promptOfTask = ({ prompt }: CountTask): Prompt => parseExactly(prompt) as Prompt;
