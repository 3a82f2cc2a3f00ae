// Messages in, compressed messages and numbers out; no model is called.
import type { StrategyReport } from "@nocp/contracts/accounting.ts";
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { GatewayCompression } from "@nocp/contracts/gateway-key.ts";
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import type { ArchiveBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import { hashOfReference } from "./archive-hash.ts";
import type { CompressBody, CompressedMessage } from "./compress-body.ts";
import {
  type CompressibleRange,
  headroomRetrieveTool,
  isQuestion,
  rewriteMessages,
  type TextPlace,
  textOfMessage,
} from "./rewrite-messages.ts";

/** What compresses contexts; assess's own, in this process. */
export interface Compression {
  compress(request: {
    readonly query: string;
    readonly items: readonly ContextItem[];
    readonly mode: GatewayCompression;
    readonly model: string;
    readonly targetRatio?: number | undefined;
    readonly maxTokens?: number | undefined;
    readonly archiveScope?: ArchiveScope | undefined;
    readonly signal: AbortSignal;
  }): Promise<{
    readonly pieces: readonly { readonly text: string; readonly removed: boolean }[];
    readonly strategies: readonly StrategyReport[];
    readonly bundle: ArchiveBundle | undefined;
  }>;
  countPrompt(prompt: Prompt, model: string, signal: AbortSignal): Promise<number>;
  countTexts(texts: readonly string[], model: string, signal: AbortSignal): Promise<number>;
}

export interface CompressCall {
  readonly body: CompressBody;
  readonly mode: GatewayCompression;
  /** Whose the archived originals are. Only with mode `ccr` is anything archived. */
  readonly scope: ArchiveScope;
  /** What was returned for the first messages before. */
  readonly replayed: readonly CompressedMessage[];
  readonly signal: AbortSignal;
}

export interface CompressedMessages {
  readonly messages: readonly CompressedMessage[];
  readonly tokens_before: number;
  readonly tokens_after: number;
  readonly tokens_saved: number;
  /** Tokens after over tokens before. */
  readonly compression_ratio: number;
  readonly transforms_applied: readonly string[];
  /** How often each was applied. */
  readonly transforms_summary: Readonly<Record<string, number>>;
  readonly ccr_hashes: readonly string[];
}

export interface CompressDependencies {
  readonly compression: Compression;
  readonly archive: Pick<ArchiveStore, "put">;
}

export const messagesOf = ({ messages, input }: CompressBody): readonly CompressedMessage[] => messages ?? input ?? [];

/** @throws NocpError ARCHIVE_UNAVAILABLE where what was removed cannot be kept. */
export async function compressMessages(call: CompressCall, dependencies: CompressDependencies): Promise<CompressedMessages> {
  const { body, signal, replayed } = call;
  const messages = messagesOf(body);
  const count = (counted: readonly CompressedMessage[]) =>
    dependencies.compression.countPrompt(promptOf(counted), modelOf(body), signal);
  const before = messages.length === 0 ? 0 : await count(messages);
  const current = [...replayed, ...messages.slice(replayed.length)];
  const { rewritten, strategies, hashes } = await rewriteTexts(current, call, { ...dependencies, count });
  const changed = rewritten.some((message, at) => message !== messages[at]);
  const after = changed ? await count(rewritten) : before;
  const names = strategies.map(({ strategy }) => strategy).filter((name) => name !== "none");
  return {
    messages: rewritten,
    tokens_before: before,
    tokens_after: after,
    tokens_saved: Math.max(0, before - after),
    compression_ratio: before === 0 ? 1 : after / before,
    transforms_applied: names,
    transforms_summary: Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((one) => one === name).length])),
    ccr_hashes: hashes,
  };
}

async function rewriteTexts(
  messages: readonly CompressedMessage[],
  { body, mode, scope, replayed, signal }: CompressCall,
  { compression, archive, count }: CompressDependencies & { count(messages: readonly CompressedMessage[]): Promise<number> },
) {
  const { config, token_budget: budget } = body;
  const range: CompressibleRange = {
    start: Math.max(config.frozen_message_count ?? 0, replayed.length),
    end: messages.length - (config.protect_recent ?? 0),
    userMessages: config.compress_user_messages ?? false,
  };
  const items: ContextItem[] = [];
  rewriteMessages(messages, range, (text, place) => {
    items.push(itemOf(text, place, items.length));
    return text;
  });
  if (items.length === 0 || mode === "off") return { rewritten: [...messages], strategies: [], hashes: [] };
  // What the budget leaves to the texts that may be compressed.
  const maxTokens = budget ? Math.max(1, budget - (await count(rewriteMessages(messages, range, () => "")))) : undefined;
  const request = {
    ...{ query: questionOf(messages), items, mode, model: modelOf(body), maxTokens, signal },
    targetRatio: config.target_ratio ?? undefined,
    archiveScope: config.mode === "ccr" ? scope : undefined,
  };
  const { pieces, strategies, bundle } = await compression.compress(request);
  if (bundle) await archive.put(bundle);
  const hashes = new Map(
    bundle?.originals.map(({ itemId }, position) => [itemId, hashOfReference(bundle.reference, position)]) ?? [],
  );
  let next = 0;
  const rewritten = rewriteMessages(messages, range, () => {
    const item = items[next] as ContextItem;
    const shorter = textOfPiece(pieces[next++]?.text ?? "", item);
    const hash = hashes.get(item.id);
    return hash === undefined ? shorter : `${shorter}\n[shortened: ${headroomRetrieveTool} hash=${hash}]`;
  });
  return { rewritten, strategies, hashes: [...hashes.values()] };
}

const itemOf = (text: string, { tool }: TextPlace, at: number): ContextItem =>
  tool === undefined
    ? { kind: "message", id: `text-${at + 1}`, role: "user", text }
    : { kind: "tool", id: `text-${at + 1}`, name: tool, data: text };

/** A piece begins with what it is of, which a message says in its own way. */
function textOfPiece(piece: string, item: ContextItem): string {
  const name = item.kind === "tool" ? item.name : "user";
  const bare = piece.startsWith(`${name}:`) ? piece.slice(name.length + 1).replace(/^[ \n]/, "") : piece;
  if (bare === "") return "[…]";
  return (item.kind === "tool" ? quotedText(bare) : undefined) ?? bare;
}

/** A tool's text that no strategy worked on is written as JSON. */
function quotedText(text: string): string | undefined {
  if (!/^".*"$/s.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

const questionOf = (messages: readonly CompressedMessage[]): string => {
  const asked = messages.findLast(isQuestion);
  return asked === undefined ? "" : textOfMessage(asked);
};

/** Without its provider: tokens are the model's. */
const modelOf = ({ model }: CompressBody): string => model.replace(/^.*\//, "");

const promptOf = (messages: readonly CompressedMessage[]): Prompt => ({
  ...{ framing: "none", system: "", context: "", query: "", toolRounds: [], tools: [] },
  history: messages.map((message) => ({
    role: message.role === "assistant" ? "assistant" : "user",
    text: textOfMessage(message),
  })),
});
