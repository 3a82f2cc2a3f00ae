// The compressor: measures items, plans, runs the strategies, and keeps the raw text where compressing does not pay.
import type { ArchiveBundle } from "@nocp/shared/archive/bundle.ts";
import type { StrategyReport, Warning } from "@nocp/shared/contracts/accounting.ts";
import type { ArchiveScope } from "@nocp/shared/contracts/archive.ts";
import type { ContextItem } from "@nocp/shared/contracts/context-item.ts";
import { NocpError } from "@nocp/shared/errors/nocp-error.ts";
import type { TokenCounter } from "@nocp/shared/tokens/token-counter.ts";
import { archiveRemoved, type ReferringText, reservedTokens } from "./archive-removed.ts";
import { type BudgetRules, defaultBudgetRules, groupBudget } from "./budget.ts";
import type { CompressedPiece, CompressionStrategy, MeasuredItem } from "./compression-strategy.ts";
import { leaveRetrieved, limitWithRetrieved } from "./leave-retrieved.ts";
import { measureItems } from "./measure-items.ts";
import { type CompressionPlan, planCompression, sumTokens } from "./plan-compression.ts";
import { type GroupOutcome, runGroup } from "./run-group.ts";

export interface CompressionRequest {
  readonly query: string;
  readonly items: readonly ContextItem[];
  readonly mode: "auto" | "off";
  /** Optimized over raw tokens, above 0 and at most 1. */
  readonly targetRatio?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly recallFloor?: number | undefined;
  readonly model?: string | undefined;
  /** Only these strategies. */
  readonly strategies?: readonly string[] | undefined;
  /** Who may fetch back what is removed; without one, nothing refers to an archive. */
  readonly archiveScope?: ArchiveScope | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CompressionResult {
  readonly text: string;
  readonly rawTokens: number;
  readonly optimizedTokens: number;
  readonly strategies: readonly StrategyReport[];
  /** One for each item, in their order. */
  readonly pieces: readonly CompressedPiece[];
  /** The items of which something is no longer in the text: what the archive keeps. */
  readonly removed: readonly MeasuredItem[];
  /** Their originals, for the archive; undefined when nothing is removed or the request has no archive scope. */
  readonly bundle: ArchiveBundle | undefined;
  /** The last line of the text, which refers to the bundle; empty where there is none. It belongs to no piece. */
  readonly referenceLine: string;
  readonly warnings: readonly Warning[];
}

export interface Compressor {
  /** @throws NocpError UNKNOWN_STRATEGY. A strategy that fails leaves its items raw, and a warning. */
  compress(request: CompressionRequest): Promise<CompressionResult>;
}

export interface CompressorDependencies {
  readonly strategies: readonly CompressionStrategy[];
  /** The counter of a model; without a name, of the default one. */
  readonly counterFor: (model: string | undefined) => TokenCounter;
  readonly rules?: BudgetRules;
}

/** Rounds of shrinking when the whole text takes more tokens than its pieces. */
const maxRounds = 4;
/** A round gives back more than it was over by, so that the next one is the last. */
const shrinkFactor = 1.5;

const budgetExceeded = (tokens: number, limitTokens: number): Warning => ({
  code: "BUDGET_EXCEEDED",
  message: `the context takes ${tokens} tokens of ${limitTokens}: the rest could not be compressed`,
});

export function createCompressor({ strategies, counterFor, rules = defaultBudgetRules }: CompressorDependencies): Compressor {
  return {
    async compress(request) {
      const counter = counterFor(request.model);
      const items = measureItems(request.items, counter);
      const rawTokens = sumTokens(items);
      const limitTokens = limitWithRetrieved(request, items);
      const chosen = leaveRetrieved(chooseStrategies(strategies, request.strategies), items, request);
      if (request.mode === "off" || (limitTokens === undefined && rawTokens < rules.minTokens)) {
        return rawResult(items, rawTokens);
      }
      if (limitTokens !== undefined && rawTokens <= limitTokens) return rawResult(items, rawTokens);
      const reserved = request.archiveScope ? reservedTokens(limitTokens, counter) : 0;
      const refer = ({ removed, text, optimizedTokens: tokens }: PlanOutcome, hasLine: boolean): ReferringText =>
        archiveRemoved({ removed, text, tokens, hasLine, scope: request.archiveScope, counter });
      let target = (limitTokens ?? rawTokens) - reserved;
      const plan = planCompression({ items, strategies: chosen, query: request.query, counter, budgetTokens: target });
      const hasLine = limitTokens === undefined || reserved > 0;
      let outcome = await runPlan(plan, items, request, counter, rules, limitTokens === undefined ? undefined : target);
      let referring = refer(outcome, hasLine);
      const excess = () => (limitTokens === undefined ? 0 : referring.tokens - limitTokens);
      for (let round = 1; round < maxRounds && excess() > 0 && outcome.warnings.length === 0; round++) {
        target = Math.max(0, Math.floor(target - excess() * shrinkFactor - 1));
        outcome = await runPlan(plan, items, request, counter, rules, target);
        referring = refer(outcome, hasLine);
      }
      if (excess() > 0) referring = refer(outcome, false);
      const warnings = [...outcome.warnings];
      if (limitTokens !== undefined && excess() > 0) warnings.push(budgetExceeded(referring.tokens, limitTokens));
      const { tokens: optimizedTokens, ...rest } = referring;
      return { ...outcome, ...rest, rawTokens, optimizedTokens, warnings };
    },
  };
}

type PlanOutcome = Omit<CompressionResult, "rawTokens" | "bundle" | "referenceLine">;

/** @param limitTokens undefined: each group gets the default share of its kind. */
async function runPlan(
  plan: CompressionPlan,
  items: readonly MeasuredItem[],
  request: CompressionRequest,
  counter: TokenCounter,
  rules: BudgetRules,
  limitTokens: number | undefined,
): Promise<PlanOutcome> {
  const pieces: CompressedPiece[] = items.map(rawPiece);
  const reports: StrategyReport[] = [];
  const warnings: Warning[] = [];
  let leftTokens =
    limitTokens === undefined ? undefined : limitTokens - sumTokens(plan.untaken.map((at) => items[at] as MeasuredItem));
  let leftRaw = sumTokens(plan.groups);
  for (const group of plan.groups) {
    const budgetTokens = groupBudget({
      group,
      items,
      leftTokens,
      leftRaw,
      rules,
      recallFloor: request.recallFloor,
      query: request.query,
      counter,
    });
    const outcome: GroupOutcome = await runGroup({
      group,
      items: group.positions.map((position) => items[position] as MeasuredItem),
      query: request.query,
      budgetTokens,
      counter,
      minSavedShare: leftTokens === undefined ? rules.minSavedShare : 0,
      signal: request.signal,
    });
    const isLossless = group.strategies.find(({ name }) => name === outcome.report.strategy)?.loss === "lossless";
    group.positions.forEach((position, at) => {
      const piece = outcome.pieces[at] ?? (pieces[position] as CompressedPiece);
      // Whatever a strategy says of itself: what does not stand there word for word is archived.
      const removed = piece.removed || (!isLossless && piece.text !== items[position]?.text);
      pieces[position] = removed === piece.removed ? piece : { ...piece, removed };
    });
    reports.push(outcome.report);
    warnings.push(...outcome.warnings);
    leftRaw -= group.tokens;
    if (leftTokens !== undefined) leftTokens = Math.max(0, leftTokens - outcome.report.after);
  }
  const text = joinPieces(items, pieces);
  return {
    text,
    optimizedTokens: text === "" ? 0 : counter.count(text),
    strategies: reports,
    pieces,
    removed: items.filter((_, at) => pieces[at]?.removed),
    warnings,
  };
}

function chooseStrategies(
  all: readonly CompressionStrategy[],
  wanted: readonly string[] | undefined,
): readonly CompressionStrategy[] {
  if (wanted === undefined) return all;
  const known = all.map((strategy) => strategy.name);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new NocpError(
      "UNKNOWN_STRATEGY",
      `there is no compression strategy "${unknown.join('", "')}"; there are ${known.join(", ")}`,
    );
  }
  return all.filter((strategy) => wanted.includes(strategy.name));
}

const rawPiece = ({ item, text, tokens }: MeasuredItem): CompressedPiece => ({ itemId: item.id, text, tokens, removed: false });

function rawResult(items: readonly MeasuredItem[], rawTokens: number): CompressionResult {
  const pieces = items.map(rawPiece);
  const text = joinPieces(items, pieces);
  const nothingRemoved = { strategies: [], removed: [], bundle: undefined, referenceLine: "", warnings: [] };
  return { text, rawTokens, optimizedTokens: rawTokens, pieces, ...nothingRemoved };
}

/** Documents are set apart by a blank line, other items by a line break. */
function joinPieces(items: readonly MeasuredItem[], pieces: readonly CompressedPiece[]): string {
  let text = "";
  pieces.forEach((piece, at) => {
    if (piece.text === "") return;
    const separator = items[at]?.item.kind === "document" ? "\n\n" : "\n";
    text += text === "" ? piece.text : `${separator}${piece.text}`;
  });
  return text;
}
