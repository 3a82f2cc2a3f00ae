// What is to become of the items of a request: nothing, a size that it names, or what pays.
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { retrieveToolName } from "@nocp/contracts/reference-line.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { reservedTokens } from "./archive-removed.ts";
import { type BudgetRules, isSmall } from "./budget.ts";
import type { CompressionStrategy, MeasuredItem } from "./compression-strategy.ts";
import type { CostBasis } from "./cost-model.ts";
import { joinTexts, sumTokens } from "./measure-items.ts";
import type { MeteredServices } from "./meter-services.ts";

/**
 * - `raw`: everything stays as it is.
 * - `lossless`: nothing is removed; what repeats is written once.
 * - `fit`: the request names a size. `limitTokens` is that of the whole text; `contentTokens` what the items may take of it.
 * - `recall`: as few tokens as are expected to keep the share `floor` of what the answer needs.
 * - `worthwhile`: the default share of each kind, where it pays.
 */
export type CompressionPlan =
  | { readonly kind: "raw" }
  | { readonly kind: "lossless"; readonly limitTokens: number | undefined }
  | { readonly kind: "fit"; readonly limitTokens: number; readonly contentTokens: number }
  | { readonly kind: "recall"; readonly floor: number }
  | { readonly kind: "worthwhile" };

export type ActivePlan = Exclude<CompressionPlan, { kind: "raw" | "lossless" }>;

/** What the steps of one compression share. */
export interface CompressionWork {
  readonly plan: ActivePlan;
  readonly query: string;
  readonly counter: TokenCounter;
  readonly rules: BudgetRules;
  readonly costs: CostBasis;
  readonly metered: MeteredServices;
  readonly signal: AbortSignal | undefined;
  /** Whether pieces are to say what was removed. */
  readonly explain: boolean;
  /** Whether pieces are to list what they hold, for the next question. */
  readonly listsUnits: boolean;
  /** How many questions were asked about these items, this one included, where further ones are expected; 0 where none are. */
  readonly questions: number;
  /** Share of the items' tokens that is to be kept at least, where the request names no size. */
  readonly leastShare: number;
  /** Tokens of the items from which on the vendor caches the prompt; 0 where it does so anyway, or it is not known. */
  readonly leastCached: number;
}

/** What of a request decides. */
export interface PlanRequest {
  readonly mode: "auto" | "lossless" | "off";
  /** Optimized over raw tokens, above 0 and at most 1. */
  readonly targetRatio?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly recallFloor?: number | undefined;
  /** Who may fetch back what is removed; without one, nothing refers to an archive. */
  readonly archiveScope?: ArchiveScope | undefined;
}

export function planCompression(
  request: PlanRequest,
  items: readonly MeasuredItem[],
  rules: BudgetRules,
  counter: TokenCounter,
): CompressionPlan {
  const limitTokens = limitOf(request, items);
  const rawTokens = sumTokens(items);
  if (request.mode === "off") return { kind: "raw" };
  if (request.mode === "lossless") return { kind: "lossless", limitTokens };
  if (limitTokens === undefined) {
    if (isSmall(items, rawTokens, rules)) return { kind: "raw" };
    return request.recallFloor === undefined ? { kind: "worthwhile" } : { kind: "recall", floor: request.recallFloor };
  }
  if (rawTokens <= limitTokens && isWithin(request.maxTokens, items, rawTokens, counter)) return { kind: "raw" };
  const reserved = request.archiveScope ? reservedTokens(limitTokens, counter) : 0;
  return { kind: "fit", limitTokens, contentTokens: limitTokens - reserved };
}

/** Whether the joined text keeps to a limit of tokens: what stands between items costs up to a token each. */
function isWithin(
  maxTokens: number | undefined,
  items: readonly MeasuredItem[],
  rawTokens: number,
  counter: TokenCounter,
): boolean {
  return maxTokens === undefined || rawTokens + items.length <= maxTokens || counter.count(joinTexts(items, items)) <= maxTokens;
}

/** Above this share of `maxTokens`, what the model fetched back is compressed like the rest: that limit holds in every case. */
const largestRetrievedShare = 0.5;

const isRetrieved = (item: ContextItem): boolean => item.kind === "tool" && item.name === retrieveToolName;

const retrievedTokens = (items: readonly MeasuredItem[]): number => sumTokens(items.filter(({ item }) => isRetrieved(item)));

type Limits = Pick<PlanRequest, "targetRatio" | "maxTokens">;

/**
 * The request's own limit in tokens; undefined when it sets none. `targetRatio` is of what there was before anything was
 * fetched back, which comes on top.
 */
export function limitOf({ targetRatio, maxTokens }: Limits, items: readonly MeasuredItem[]): number | undefined {
  if (targetRatio === undefined) return maxTokens;
  const retrieved = retrievedTokens(items);
  const byRatio = Math.floor(targetRatio * (sumTokens(items) - retrieved)) + retrieved;
  return Math.min(byRatio, maxTokens ?? Number.POSITIVE_INFINITY);
}

/** The strategies, which leave alone what the model fetched back out of the archive: it is not shortened again. */
export function leaveRetrieved(
  strategies: readonly CompressionStrategy[],
  items: readonly MeasuredItem[],
  { maxTokens = Number.POSITIVE_INFINITY }: Limits,
): readonly CompressionStrategy[] {
  const retrieved = retrievedTokens(items);
  if (retrieved === 0 || retrieved > largestRetrievedShare * maxTokens) return strategies;
  return strategies.map((strategy) => ({ ...strategy, takes: (item) => !isRetrieved(item) && strategy.takes(item) }));
}
