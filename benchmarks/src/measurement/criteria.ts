// What compression is held against, and whether each group of cases keeps it.
import type { GroupReport, ModelCost } from "./summarize-group.ts";

export interface GroupVerdict {
  readonly group: string;
  readonly value: number;
  /** The value as people read it. */
  readonly text: string;
  readonly met: boolean;
}

export interface Criterion {
  readonly name: string;
  /** Met when every group that it applies to meets it. */
  readonly met: boolean;
  readonly verdicts: readonly GroupVerdict[];
  /** Of the group that is nearest to missing it, or misses it most. */
  readonly worst: GroupVerdict;
}

export const limits = {
  inputReduction: 0.5,
  /** Of a range up to 0.7: more is welcome as long as recall stands. */
  documentReduction: 0.6,
  outputReduction: 0.3,
  latencyRatio: 2,
  costReduction: 0.4,
  recallLoss: 0.02,
} as const;

/** Keeps rounding of a binary fraction from deciding: 0.98 is not below 1 − 0.02. */
const epsilon = 1e-9;

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
export const groupName = ({ workload, size }: Pick<GroupReport, "workload" | "size">): string => `${workload} ${size}`;

/** A share that went away, or grew: `−61.9 %`, `0.0 %`, `+4.0 %`. */
export function change(reduction: number): string {
  const size = percent(Math.abs(reduction));
  if (size === percent(0)) return size;
  return `${reduction > 0 ? "−" : "+"}${size}`;
}

type Judge = (group: GroupReport) => Omit<GroupVerdict, "group"> | undefined;

function criterion(name: string, groups: readonly GroupReport[], judge: Judge, best: "high" | "low" = "high"): Criterion[] {
  const verdicts = groups.flatMap((group) => {
    const verdict = judge(group);
    return verdict ? { group: groupName(group), ...verdict } : [];
  });
  const [worst] = verdicts.toSorted((left, right) => (best === "high" ? left.value - right.value : right.value - left.value));
  return worst ? [{ name, met: verdicts.every(({ met }) => met), verdicts, worst }] : [];
}

const above = (value: number, limit: number, orEqual = false) => ({
  value,
  text: percent(value),
  met: orEqual ? value >= limit - epsilon : value > limit,
});

const ratio = (value: number) => ({ value, text: `${value.toFixed(2)} ×`, met: value < limits.latencyRatio });

/** @returns only criteria that apply to a group at least. */
export function evaluateCriteria(groups: readonly GroupReport[]): Criterion[] {
  return [
    ...criterion("input reduced by more than 50 %", groups, ({ input }) => above(input.reduction, limits.inputReduction)),
    ...criterion("documents reduced by 60 to 70 % (more is welcome)", groups, ({ workload, input }) =>
      workload === "retrieval" ? above(input.reduction, limits.documentReduction, true) : undefined,
    ),
    ...criterion("output reduced by more than 30 % on tables", groups, ({ output }) =>
      output ? above(output.reduction, limits.outputReduction) : undefined,
    ),
    ...criterion("answer recall not below the baseline minus 2 points", groups, ({ recall }) =>
      recall
        ? {
            value: recall.optimized - recall.raw,
            text: `${percent(recall.optimized)} of ${percent(recall.raw)}`,
            met: recall.optimized >= recall.raw - limits.recallLoss - epsilon,
          }
        : undefined,
    ),
    ...criterion("latency under twice the baseline, the model simulated", groups, ({ latency }) => ratio(latency.ratio), "low"),
    ...criterion("cost down by more than 40 %, uncached prices, at the model that saves least", groups, (group) =>
      leastSaving(group, ({ uncached }) => uncached),
    ),
    ...criterion("cost down by more than 40 %, cached prices, at the model that saves least", groups, (group) =>
      leastSaving(group, ({ cached }) => cached),
    ),
  ];
}

function leastSaving({ costs }: GroupReport, pricesOf: (cost: ModelCost) => ModelCost["cached"]): ReturnType<Judge> {
  const savings = costs.flatMap((cost) => savingOf(pricesOf(cost)) ?? []);
  return savings.length === 0 ? undefined : above(Math.min(...savings), limits.costReduction);
}

/** Share of the money saved; undefined when a price is unknown or nothing is paid. */
export const savingOf = ({ raw, optimized }: ModelCost["cached"]): number | undefined =>
  raw === null || optimized === null || raw === 0 ? undefined : 1 - optimized / raw;
