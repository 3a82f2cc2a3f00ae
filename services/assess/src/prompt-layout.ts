// Where the sources of a request stand in its prompt: with earlier questions, where the vendor has them cached, or with this one.
import type { StrategyReport } from "@nocp/contracts/accounting.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { ToolsCompleted } from "@nocp/contracts/messages.ts";
import type { PromptCacheMode, PromptMessage } from "@nocp/contracts/prompt.ts";
import { historyMessage } from "./build-prompt.ts";
import type { CollectedContext } from "./collect-context.ts";
import type { CacheablePrompt, CompressionRequest } from "./compress.ts";
import type { CompressedPiece } from "./compression-strategy.ts";
import { formatCount, formatPercent } from "./cost-model.ts";
import { noStrategy } from "./run-group.ts";
import {
  createStandingContexts,
  nothingStands,
  type SentContext,
  type Standing,
  type StandingContexts,
  shareOf,
  turnKeys,
} from "./standing-contexts.ts";
import { type CacheTerms, cacheTermsOf } from "./target-prices.ts";
import { textDigest } from "./written-units.ts";

export interface LayoutDependencies {
  readonly contexts: StandingContexts;
  /** What the settings ask of vendors' prompt caches. */
  readonly mode: PromptCacheMode;
  readonly cacheTermsOf: (model: string | undefined, provider: string | undefined, inputTokens: number) => CacheTerms;
}

/** What a process remembers by itself. @param now milliseconds since the epoch. */
export const createLayout = (defaultModel: string, mode: PromptCacheMode, now: () => number): LayoutDependencies => ({
  contexts: createStandingContexts(),
  mode,
  cacheTermsOf: cacheTermsOf(defaultModel, mode === "auto", now),
});

export interface PromptLayout {
  readonly standing: Standing;
  /** The context without the sources that stand whole already. */
  readonly left: CollectedContext;
  /** What the compressor is to know of it. */
  readonly compression: Pick<CompressionRequest, "listsUnits" | "written" | "questions" | "cacheable">;
  /** Whether what this question is sent with is to stand before the next one. */
  readonly stays: boolean;
  /** What stands, or why nothing does, in numbers. */
  readonly reports: readonly StrategyReport[];
  /** The layout once it is known what is left of the sources: whole ones need nothing of what stood. @param pieces as in `sent`. */
  with(pieces: readonly CompressedPiece[] | undefined): PromptLayout;
  /**
   * Remembers what was sent with the question.
   * @param pieces one for each source that is left; undefined: they were sent whole. @param stood what was sent before it.
   */
  sent(context: Omit<SentContext, "shares">, pieces: readonly CompressedPiece[] | undefined, stood: Standing): void;
}

export interface LayoutInput {
  readonly message: ToolsCompleted;
  readonly collected: CollectedContext;
  /** Of each source, as text. */
  readonly rendered: readonly string[];
  /** The turns of a session, word for word. */
  readonly history: readonly PromptMessage[];
  readonly prefixCacheMs: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const hourMs = 60 * 60_000;

/** A request that names a size is cut for its question alone: what stands would count towards the size. */
const namesSize = ({ targetRatio, maxTokens, recallFloor }: ToolsCompleted["request"]["compression"]): boolean =>
  targetRatio !== undefined || maxTokens !== undefined || recallFloor !== undefined;

/** @param dependencies undefined: every context stands with its question alone. */
export function layoutOf(input: LayoutInput, dependencies: LayoutDependencies | undefined): PromptLayout {
  const { message, collected, rendered, history, prefixCacheMs, at } = input;
  const { request } = message;
  const { sources } = collected;
  const asked = request.promptCache?.mode ?? "auto";
  const none: PromptLayout = {
    ...{ standing: nothingStands, left: collected, compression: {}, stays: false, reports: [] },
    with: () => none,
    sent: () => {},
  };
  if (dependencies === undefined || sources.length === 0 || namesSize(request.compression)) return none;
  if (dependencies.mode !== "auto" || asked !== "auto" || prefixCacheMs === 0) return none;
  const { contexts, cacheTermsOf } = dependencies;
  const characters = rendered.reduce((sum, text) => sum + text.length, 0);
  const terms = cacheTermsOf(request.routing.model, request.routing.provider, Math.ceil(characters / charactersPerToken));
  if (terms.readShare >= 1) return none;
  const messages = [...collected.earlier.map((earlier) => earlier.message), ...collected.recent];
  const said = [...history, ...messages.map(historyMessage)];
  const keys = turnKeys(request, [...said, { role: "user", text: collected.question }]);
  const ownKey = keys.pop() as string;
  const digests = rendered.map(textDigest);
  const lifetimeMs = request.promptCache?.ttl === "1h" ? Math.max(prefixCacheMs, hourMs) : prefixCacheMs;
  const known = contexts.before(keys, new Set(digests), at - lifetimeMs);
  const worth = worthOfStanding(known, { said, characters, terms, sources: sources.length });
  const standing = worth.isKept ? known : nothingStands;
  const shares = digests.map((digest) => standing.shares.get(digest));
  const isLeft = (_: unknown, source: number) => shares[source]?.isWhole !== true;
  const leftDigests = digests.filter(isLeft);
  const isContinued = standing.contexts.size > 0 || request.session !== undefined || request.promptCache !== undefined;
  const layout: PromptLayout = {
    standing,
    left: standing.contexts.size === 0 ? collected : { ...collected, sources: sources.filter(isLeft) },
    compression: {
      ...{ listsUnits: true, written: shares.filter(isLeft).map((share) => share?.written) },
      questions: isContinued ? standing.contexts.size + 1 : 0,
      ...(isContinued || request.query === undefined ? cacheableOf(standing, { said, characters, terms }) : {}),
    },
    stays: true,
    reports: known.contexts.size === 0 ? [] : [reportOf(known, worth, sources)],
    with: (pieces) => {
      const isRepeated = leftDigests.length === digests.length && pieces?.every((piece) => shareOf("", piece).isWhole) === true;
      if (!isRepeated || !worth.isBrokenCheaply) return layout;
      return { ...layout, standing: nothingStands, reports: [reportOf(known, { ...worth, isKept: false }, sources)] };
    },
    sent: (context, pieces, stood) => {
      if (stood.contexts.size > 0) contexts.touch(keys, stood, at);
      else contexts.forget(keys);
      contexts.keep(ownKey, { ...context, shares: leftDigests.map((digest, source) => shareOf(digest, pieces?.[source])) }, at);
    },
  };
  return layout;
}

/** Enough to tell whether a prefix is long enough to be cached. */
const charactersPerToken = 4;
/** NOCP's own instructions, and the tags. */
const framingTokens = 150;

/** The prompt as what is kept of its sources is to make it long enough; nothing where what stands is. */
function cacheableOf({ contexts }: Standing, { said, terms }: LayoutSizes): { cacheable?: CacheablePrompt } {
  const otherTokens = said.reduce((sum, { text }) => sum + text.length, 0) / charactersPerToken + framingTokens;
  const standingTokens = [...contexts.values()].reduce((sum, sent) => sum + sent.tokens, 0);
  return standingTokens + otherTokens >= terms.leastTokens ? {} : { cacheable: { ...terms, otherTokens } };
}

interface LayoutSizes {
  readonly said: readonly PromptMessage[];
  /** Of all sources. */
  readonly characters: number;
  readonly terms: CacheTerms;
}

interface StandingWorth {
  readonly isKept: boolean;
  /** Whether reading what stands costs more than reading the conversation behind it anew. */
  readonly isBrokenCheaply: boolean;
  readonly text: string;
}

/**
 * What stands costs its tokens from the cache, and what this question adds to it. Taking it away costs a new selection, and the
 * conversation behind the first of it, which the vendor reads anew: that pays where most of the sources stand already, a
 * cached token is not much cheaper than another, or the prefix is too short to be cached.
 */
function worthOfStanding(
  { contexts, shares }: Standing,
  { said, characters, terms, sources }: LayoutSizes & { readonly sources: number },
): StandingWorth {
  const all = [...contexts.values()];
  const isWhole = shares.size === sources && [...shares.values()].every((share) => share.isWhole);
  const tokens = all.reduce((sum, sent) => sum + sent.tokens, 0);
  const perCharacter =
    tokens /
    Math.max(
      1,
      all.reduce((sum, { text }) => sum + text.length, 0),
    );
  const behind = said.slice(said.length - Math.max(0, ...contexts.keys()));
  const conversation = behind.reduce((sum, { text }) => sum + text.length, 0) * perCharacter;
  const sourceTokens = characters * perCharacter;
  const anew = Math.max(0, ...all.map((sent) => sent.tokens));
  const share = tokens + conversation + framingTokens < terms.leastTokens ? 1 : terms.readShare;
  const added = isWhole ? 0 : anew * Math.max(0, 1 - tokens / Math.max(1, sourceTokens));
  const kept = share * tokens + added;
  const broken = anew + (1 - share) * conversation;
  const isKept = kept <= broken;
  const text = [
    `${formatCount(tokens)} tokens of ${all.length} earlier questions ${isKept ? "stay where they were sent" : "are sent anew"}`,
    `read from the cache at ${formatPercent(share)} of the price, with what this question adds, they cost as much as ${formatCount(kept)} uncached tokens`,
    `a new selection would cost ${formatCount(broken)}`,
  ].join("; ");
  return { isKept, isBrokenCheaply: share * tokens > (1 - share) * conversation, text };
}

const reportOf = (
  { contexts, shares }: Standing,
  { isKept, text }: StandingWorth,
  sources: readonly ContextItem[],
): StrategyReport => {
  const tokens = [...contexts.values()].reduce((sum, sent) => sum + sent.tokens, 0);
  const itemIds = isKept ? sources.slice(0, shares.size).map(({ id }) => id) : [];
  return { strategy: isKept ? standingName : noStrategy, itemIds, before: tokens, after: tokens, justification: text };
};

/** The name under which a result reports what stands. */
export const standingName = "standing-context";
