// The contract of a compression strategy: turns context items into fewer tokens, and declares what it keeps.
import type { RemovedPart } from "@nocp/contracts/accounting.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { ModelServices, StrategyServices } from "./model-services.ts";

/** An item with its plain rendering (JSON compact) and the tokens of that. */
export interface MeasuredItem {
  readonly item: ContextItem;
  /** As it came, where `item` is without what only a terminal shows. */
  readonly original?: ContextItem;
  readonly text: string;
  readonly tokens: number;
  /** Where it came with codes for terminals. */
  readonly terminal?: TerminalCodes;
  /** What of it stands in the prompt already, from earlier questions. */
  readonly written?: WrittenUnits;
}

export interface TerminalCodes {
  /** The item with them. */
  readonly item: ContextItem;
  readonly text: string;
  readonly tokens: number;
  /** Whether text went with the codes, as what a progress bar showed before its end; else they only changed how it looked. */
  readonly overwrote: boolean;
}

/** Units of an item that a strategy wrote: positions that mean the same whenever it reads the same text. */
export interface WrittenUnits {
  readonly strategy: string;
  /** Of the text that it read. */
  readonly digest: string;
  readonly units: readonly number[];
  /** What they take. */
  readonly tokens: number;
}

export interface CompressionInput {
  /** Items the strategy said it takes, in the order of the request. */
  readonly items: readonly MeasuredItem[];
  /** The question; empty when there is none. */
  readonly query: string;
  /** Tokens all pieces together may take. A strategy must not exceed it. */
  readonly budgetTokens: number;
  readonly counter: TokenCounter;
  /** Holds what the strategy `requires`. */
  readonly services?: StrategyServices;
  readonly signal?: AbortSignal;
  /** Whether the pieces are to say what was removed. */
  readonly explain?: boolean;
  /** Whether the pieces are to list their units. A strategy that lists them leaves out what is `written` already. */
  readonly listsUnits?: boolean;
}

export interface CompressionEstimate {
  /** Expected tokens of the outcome. */
  readonly tokens: number;
  /** Expected share of what the answer needs that is kept, between 0 and 1. */
  readonly expectedRecall: number;
  /** What the model that the strategy `requires` would read and write. */
  readonly helperTokens?: { readonly input: number; readonly output: number };
}

export interface CompressedPiece {
  readonly itemId: string;
  /** What is left of the item; empty when all of it went. */
  readonly text: string;
  readonly tokens: number;
  /** Whether anything of the item is no longer in `text`, so that the original is worth archiving. */
  readonly removed: boolean;
  /** What was removed, where that is asked for. */
  readonly parts?: readonly RemovedPart[];
  /** What `text` holds, where that is asked for and the strategy can tell. */
  readonly units?: readonly number[];
  /** The same, as a later question can tell. */
  readonly written?: WrittenUnits;
  /** All of the item stands in the prompt, here in other words or in another item. */
  readonly isWhole?: boolean;
  /** In the phase `prepare`: what is left, as an item that later strategies go on from; absent: they leave the piece alone. */
  readonly item?: ContextItem;
}

export interface CompressionOutput {
  /** One piece for each item, in the order of the items. */
  readonly pieces: readonly CompressedPiece[];
  /** In numbers, e.g. `kept 14 of 212 sentences`. */
  readonly justification: string;
}

export interface CompressionStrategy {
  /** Kebab-case; equals the file's name. */
  readonly name: string;
  /** One sentence for documentation. */
  readonly description: string;
  /** `lossless`: the same value in other words. `recoverable`: the archive has what went. `lossy`: gone. */
  readonly loss: "lossless" | "recoverable" | "lossy";
  /**
   * `fit` (the default) brings its items into the budget. `prepare` comes before, over all its items at once, and takes
   * away what is lost cheaply, whatever the budget: pieces may stay as they are, none grows.
   */
  readonly phase?: "prepare" | "fit";
  /** In the phase `prepare`: nothing that an answer may need is lost, as with repetitions. */
  readonly isHarmless?: boolean;
  /** A model it cannot work without: where none is configured, the strategy takes nothing. */
  readonly requires?: keyof ModelServices;
  takes(item: ContextItem): boolean;
  /** Cheap: must not do the work itself. */
  estimate(input: CompressionInput): CompressionEstimate;
  /** @throws anything: the planner then keeps the raw items. */
  compress(input: CompressionInput): CompressionOutput | Promise<CompressionOutput>;
}

/** A strategy's own verdict that its work is not good enough: the next strategy, or the raw text, takes its place. */
export class CompressionRefused extends Error {
  override readonly name = "CompressionRefused";
}

export const isCompressionStrategy = (value: unknown): value is CompressionStrategy =>
  typeof value === "object" &&
  value !== null &&
  ["name", "description", "loss"].every((key) => typeof (value as Record<string, unknown>)[key] === "string") &&
  ["takes", "estimate", "compress"].every((key) => typeof (value as Record<string, unknown>)[key] === "function");
