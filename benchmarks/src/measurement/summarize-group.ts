// A group of measured cases in the numbers that the report shows.
import { stages } from "@nocp/contracts/topology.ts";
import { distributionOf } from "../load/percentiles.ts";
import type { ArmMeasurement, TimeSplit } from "./measure-case.ts";
import type { MeasuredGroup, MeasuredPair } from "./measure-groups.ts";
import { type NamedModel, namedModels, priceOf } from "./model-prices.ts";

/** Tokens before and after; `reduction` is the share that went, between 0 and 1, below 0 where it became more. */
export interface Reduction {
  readonly raw: number;
  readonly optimized: number;
  readonly reduction: number;
}

export interface Recall {
  readonly cases: number;
  /** Share of the cases whose answer holds all it needs. */
  readonly raw: number;
  readonly optimized: number;
  /** Mean share of the needed facts that the answer holds. */
  readonly rawFacts: number;
  readonly optimizedFacts: number;
}

export interface Latency {
  readonly rawP50Ms: number;
  readonly optimizedP50Ms: number;
  readonly ratio: number;
}

export interface ModelCost extends NamedModel {
  /** US dollars of all cases together; null when the price is unknown. */
  readonly uncached: { readonly raw: number | null; readonly optimized: number | null };
  readonly cached: { readonly raw: number | null; readonly optimized: number | null };
}

export interface GroupReport {
  readonly workload: string;
  readonly size: string;
  readonly label: string;
  readonly cases: number;
  /** Sums over the cases, as the model server counted them. */
  readonly input: Reduction;
  /** Sums over the cases whose answer is a table; null when there is none. */
  readonly output: (Reduction & { readonly cases: number }) | null;
  /** Null when no case says what its answer needs. */
  readonly recall: Recall | null;
  readonly recallByKind: readonly (Recall & { readonly kind: string })[];
  /** The model server's time included. */
  readonly latency: Latency;
  readonly latencyWithoutModel: Latency;
  /** Means, so that the parts add up to the whole. */
  readonly time: { readonly raw: TimeSplit; readonly optimized: TimeSplit };
  readonly assessP50Ms: number;
  readonly costs: readonly ModelCost[];
  readonly strategies: readonly string[];
}

export const reductionOf = (raw: number, optimized: number): Reduction => ({
  raw,
  optimized,
  reduction: raw === 0 ? 0 : 1 - optimized / raw,
});

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
const meanOf = (numbers: readonly number[]): number => (numbers.length === 0 ? 0 : sumOf(numbers) / numbers.length);

/** @param at milliseconds since the epoch, for the prices. */
export function summarizeGroup({ workload, size, label, pairs }: MeasuredGroup, at: number): GroupReport {
  const tables = pairs.filter(({ isTable }) => isTable).map(({ optimized }) => optimized.answerTokens);
  const kinds = [...new Set(pairs.map(({ kind }) => kind))];
  return {
    workload,
    size,
    label,
    cases: pairs.length,
    input: reductionOf(
      sumOf(pairs.map(({ raw }) => raw.inputTokens)),
      sumOf(pairs.map(({ optimized }) => optimized.inputTokens)),
    ),
    output:
      tables.length === 0
        ? null
        : {
            ...reductionOf(sumOf(tables.map(({ raw }) => raw)), sumOf(tables.map(({ optimized }) => optimized))),
            cases: tables.length,
          },
    recall: recallOfPairs(pairs),
    recallByKind: kinds.flatMap((kind) => {
      const recall = recallOfPairs(pairs.filter((pair) => pair.kind === kind));
      return recall ? { kind, ...recall } : [];
    }),
    latency: latencyOfPairs(pairs, ({ timeMs }) => timeMs.total),
    latencyWithoutModel: latencyOfPairs(pairs, ({ timeMs }) => timeMs.total - timeMs.model),
    time: {
      raw: meanSplit(pairs.map(({ raw }) => raw.timeMs)),
      optimized: meanSplit(pairs.map(({ optimized }) => optimized.timeMs)),
    },
    assessP50Ms: distributionOf(pairs.map(({ optimized }) => optimized.timeMs.assess)).p50,
    costs: namedModels.map((model) => costAt(pairs, model, at)),
    strategies: [...new Set(pairs.flatMap(({ optimized }) => optimized.strategies))].sort(),
  };
}

export function recallOfPairs(pairs: readonly MeasuredPair[]): Recall | null {
  const judged = pairs.filter(({ raw, optimized }) => raw.answered !== undefined && optimized.answered !== undefined);
  if (judged.length === 0) return null;
  const share = (take: (pair: MeasuredPair) => boolean | number | undefined) => meanOf(judged.map((pair) => Number(take(pair))));
  return {
    cases: judged.length,
    raw: share(({ raw }) => raw.answered),
    optimized: share(({ optimized }) => optimized.answered),
    rawFacts: share(({ raw }) => raw.factShare),
    optimizedFacts: share(({ optimized }) => optimized.factShare),
  };
}

function latencyOfPairs(pairs: readonly MeasuredPair[], timeOf: (arm: ArmMeasurement) => number): Latency {
  const rawP50Ms = distributionOf(pairs.map(({ raw }) => timeOf(raw))).p50;
  const optimizedP50Ms = distributionOf(pairs.map(({ optimized }) => timeOf(optimized))).p50;
  return { rawP50Ms, optimizedP50Ms, ratio: optimizedP50Ms / rawP50Ms };
}

const meanSplit = (splits: readonly TimeSplit[]): TimeSplit => {
  const parts = ["total", "model", ...stages] as const;
  return Object.fromEntries(parts.map((part) => [part, meanOf(splits.map((split) => split[part]))])) as TimeSplit;
};

function costAt(pairs: readonly MeasuredPair[], model: NamedModel, at: number): ModelCost {
  const total = (arm: "raw" | "optimized", cached: boolean) =>
    sumCosts(pairs.map((pair) => priceOf(pair[arm], model, cached, at)));
  return {
    ...model,
    uncached: { raw: total("raw", false), optimized: total("optimized", false) },
    cached: { raw: total("raw", true), optimized: total("optimized", true) },
  };
}

/** One unknown price makes the sum unknown. */
export const sumCosts = (costs: readonly (number | null)[]): number | null =>
  costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);
