// A context of which nothing may be lost: each document and tool result is written shorter, and can be given back.
import type { StrategyReport } from "@nocp/contracts/accounting.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { retrieveToolName } from "@nocp/contracts/reference-line.ts";
import type { ArchiveBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import { writeLossless } from "@nocp/text/lossless/lossless.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { CompressedPiece, MeasuredItem } from "./compression-strategy.ts";
import { sumTokens } from "./measure-items.ts";
import { distinctBundles, payloadReport, type ReferredPart, referPayloads } from "./refer-payloads.ts";

/** The name under which the result reports it. */
export const losslessStrategy = "lossless";

export interface LosslessItems {
  readonly pieces: readonly CompressedPiece[];
  /** Empty where nothing became shorter. */
  readonly reports: readonly StrategyReport[];
  /** What references in the pieces stand for. */
  readonly payloads: readonly ArchiveBundle[];
}

/**
 * Messages stay as they are; what follows an item's name or title is what `restoreText` reads.
 * @param payloadTenant whose archive is to keep binary data, with references in their place; undefined: they stay.
 */
export function writeItemsLossless(items: readonly MeasuredItem[], counter: TokenCounter, payloadTenant?: string): LosslessItems {
  const written = items.map((item) => pieceOf(item, counter));
  const referred = written.map((piece, at) => referringPiece(piece, items[at] as MeasuredItem, counter, payloadTenant));
  const parts = referred.flatMap((entry) => entry ?? []).map(({ part }) => part);
  const referringIds = items.filter((_, at) => referred[at] !== undefined).map(({ item }) => item.id);
  return {
    pieces: written.map((piece, at) => referred[at]?.piece ?? piece),
    reports: [...losslessReport(items, written), ...payloadReport(referringIds, parts)],
    payloads: distinctBundles(parts.flatMap(({ bundles }) => bundles)),
  };
}

function losslessReport(items: readonly MeasuredItem[], pieces: readonly CompressedPiece[]): StrategyReport[] {
  const changed = items.filter((item, at) => pieces[at]?.text !== item.text);
  if (changed.length === 0) return [];
  const before = sumTokens(changed);
  const after = sumTokens(pieces.filter((piece, at) => piece.text !== items[at]?.text));
  const justification = `every word and value is still there: ${after} tokens instead of ${before}`;
  return [{ strategy: losslessStrategy, itemIds: changed.map(({ item }) => item.id), before, after, justification }];
}

/** What the model fetched back stays: it asked for the data. */
function referringPiece(
  piece: CompressedPiece,
  { item, text }: MeasuredItem,
  counter: TokenCounter,
  payloadTenant: string | undefined,
): { readonly piece: CompressedPiece; readonly part: ReferredPart } | undefined {
  const parts = partsOf(item, text);
  if (payloadTenant === undefined || parts === undefined || (item.kind === "tool" && item.name === retrieveToolName))
    return undefined;
  const referred = referPayloads(parts.body, payloadTenant, counter);
  if (referred === undefined) return undefined;
  const referring = `${parts.opening}\n${referred.text}`;
  const tokens = counter.count(referring);
  if (tokens >= piece.tokens) return undefined;
  const part = { bundles: referred.bundles, before: piece.tokens, after: tokens };
  return { piece: { ...piece, text: referring, tokens }, part };
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
