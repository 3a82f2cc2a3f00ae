// What assess has its worker threads do, in the form in which it goes there and comes back.
import type { ContextItem, ToolItem } from "@nocp/contracts/context-item.ts";
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { type CounterSnapshot, snapshotOf } from "@nocp/models/tokens/create-token-counter.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { BudgetRules } from "../budget.ts";
import type { CompressedContext, CompressionRequest } from "../compress.ts";
import type { FitInput } from "../conversation/fit-conversation.ts";
import type { SummaryInput } from "../conversation/summarizer.ts";
import { createTurnFacts, type TurnReading } from "../conversation/turn-facts.ts";
import type { KnownModels } from "./models-of-main-thread.ts";

/** What a worker knows from its start. */
export interface WorkSettings {
  readonly defaultModel: string;
  readonly rules: BudgetRules;
}

/** What is counted, with a counter as it is at this moment: what is learned of a model stays in the main thread. */
interface Counted {
  readonly counter: CounterSnapshot;
}

/** Copying between threads knows nothing of numbers that keep their digits, and not every depth: data travel as JSON. */
type SentItem = Exclude<ContextItem, ToolItem> | (Omit<ToolItem, "data"> & { readonly json: string });

type Sendable = Omit<CompressionRequest, "items" | "signal" | "paidCalls" | "callGuard" | "onModelCall">;

export interface CompressTask extends Counted {
  readonly request: Sendable;
  readonly items: readonly SentItem[];
  readonly models: KnownModels;
}

export function compressTaskOf(
  { items, signal: _signal, paidCalls: _calls, callGuard: _guard, onModelCall: _onCall, ...request }: CompressionRequest,
  counter: TokenCounter,
  models: KnownModels,
): CompressTask {
  return { request, items: items.map(sentItem), counter: snapshotOf(counter), models };
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
  payloads,
}: CompressedContext): CompressedContext => ({
  pieces: pieces.map(({ itemId, text, tokens, removed, isWhole, written }) => ({
    ...{ itemId, text, tokens, removed },
    ...(isWhole && { isWhole }),
    ...(written && { written }),
  })),
  ...{ strategies, warnings, bundle, referenceLine, rawTokens, optimizedTokens, payloads },
  ...(removals ? { removals } : {}),
});

export interface CountTask extends Counted {
  readonly prompt: string;
}

export const countTaskOf = (prompt: Prompt, counter: TokenCounter): CountTask => ({
  prompt: writeJson(prompt),
  counter: snapshotOf(counter),
});

export const promptOfTask = ({ prompt }: CountTask): Prompt => parseExactly(prompt) as Prompt;

export interface TextsTask extends Counted {
  readonly texts: readonly string[];
}

export interface ShortenTask extends TextsTask {
  readonly payloadTenant: string | undefined;
}

export interface TurnsTask extends Counted {
  readonly turns: readonly SessionTurn[];
}

export type SummaryTask = Omit<SummaryInput, "counter" | "distiller" | "signal"> & Counted;

/** A conversation with what is known of its turns. */
export type FitTask = Omit<FitInput, "counter" | "facts"> & Counted & { readonly readings: readonly TurnReading[] };

export function fitTaskOf({ counter, facts, ...input }: FitInput): FitTask {
  const readings = input.turns.map((turn) => ({
    tokens: facts.tokensOf([turn], counter),
    values: facts.messagesOf([turn]).map(({ values }) => values),
  }));
  return { ...input, readings, counter: snapshotOf(counter) };
}

export function fitInputOf({ readings, counter: _snapshot, ...input }: FitTask, counter: TokenCounter): FitInput {
  const facts = createTurnFacts();
  facts.learn(input.turns, counter, readings);
  return { ...input, counter, facts };
}
