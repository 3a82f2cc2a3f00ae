// A context of which nothing may be lost: each document and tool result is written shorter, and can be given back.
import type { StrategyReport } from "@nocp/contracts/accounting.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { writeLossless } from "@nocp/text/lossless/lossless.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { CompressedPiece, MeasuredItem } from "./compression-strategy.ts";
import { sumTokens } from "./measure-items.ts";

/** The name under which the result reports it. */
export const losslessStrategy = "lossless";

export interface LosslessItems {
  readonly pieces: readonly CompressedPiece[];
  /** Undefined where nothing became shorter. */
  readonly report: StrategyReport | undefined;
}

/** Messages stay as they are; what follows an item's name or title is what `restoreText` reads. */
export function writeItemsLossless(items: readonly MeasuredItem[], counter: TokenCounter): LosslessItems {
  const pieces = items.map((item) => pieceOf(item, counter));
  const changed = items.filter((item, at) => pieces[at]?.text !== item.text);
  if (changed.length === 0) return { pieces, report: undefined };
  const before = sumTokens(changed);
  const after = sumTokens(pieces.filter((piece, at) => piece.text !== items[at]?.text));
  const justification = `every word and value is still there: ${after} tokens instead of ${before}`;
  return {
    pieces,
    report: { strategy: losslessStrategy, itemIds: changed.map(({ item }) => item.id), before, after, justification },
  };
}

function pieceOf({ item, text, tokens }: MeasuredItem, counter: TokenCounter): CompressedPiece {
  const raw = { itemId: item.id, text, tokens, removed: false };
  const parts = partsOf(item, text);
  if (parts === undefined) return raw;
  const { text: body, kind } = writeLossless(parts.body, (written) => counter.count(written));
  if (kind === "plain" && body === parts.body) return raw;
  const shorter = `${parts.opening}\n${body}`;
  const shorterTokens = counter.count(shorter);
  return shorterTokens < tokens ? { ...raw, text: shorter, tokens: shorterTokens } : raw;
}

/** A tool's text is written as text, without the escapes of JSON. */
function partsOf(item: ContextItem, rendered: string): { readonly opening: string; readonly body: string } | undefined {
  if (item.kind === "message") return undefined;
  if (item.kind === "document") return { opening: item.title, body: item.text };
  const opening = `${item.name}:`;
  return { opening, body: typeof item.data === "string" ? item.data : rendered.slice(opening.length + 1) };
}
