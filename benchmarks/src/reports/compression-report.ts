// The report of the compression benchmark: its shape, and the words that all its forms share.
import { type Criterion, evaluateCriteria } from "../measurement/criteria.ts";
import type { CaseFailure } from "../measurement/measure-groups.ts";
import { priceTable } from "../measurement/model-prices.ts";
import { type GroupReport, type ModelCost, type Reduction, reductionOf, sumCosts } from "../measurement/summarize-group.ts";

export interface CompressionReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly memoryGiB: number; readonly cpu: string; readonly node: string };
  readonly settings: {
    readonly seed: string;
    /** The folder of a user's own cases; null for the seed workloads. */
    readonly dataFolder: string | null;
    readonly modelDelayMs: number;
    readonly prefillMsPerThousandTokens: number;
    readonly priceTable: string;
  };
  readonly groups: readonly GroupReport[];
  readonly total: ReportTotal;
  readonly criteria: readonly Criterion[];
  readonly failures: readonly CaseFailure[];
  readonly howMeasured: readonly string[];
  readonly notes: readonly string[];
}

export interface ReportTotal {
  readonly cases: number;
  readonly input: Reduction;
  readonly output: Reduction | null;
  readonly recall: { readonly cases: number; readonly raw: number; readonly optimized: number } | null;
  /** Mean of the groups' ratios. */
  readonly latencyRatio: number;
  readonly costs: readonly ModelCost[];
}

export type ReportInput = Pick<CompressionReport, "at" | "machine" | "groups" | "failures"> & {
  readonly settings: Omit<CompressionReport["settings"], "priceTable">;
};

export function createCompressionReport(input: ReportInput): CompressionReport {
  const settings = { ...input.settings, priceTable };
  const total = totalOf(input.groups);
  return {
    ...input,
    settings,
    total,
    criteria: evaluateCriteria(input.groups),
    howMeasured: howMeasured(settings),
    notes: notesOf(input.groups, total),
  };
}

function totalOf(groups: readonly GroupReport[]): ReportTotal {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  const outputs = groups.flatMap(({ output }) => output ?? []);
  const recalls = groups.flatMap(({ recall }) => recall ?? []);
  const judged = sum(recalls.map(({ cases }) => cases));
  const costAt = (at: number, price: "cached" | "uncached", arm: "raw" | "optimized") =>
    sumCosts(groups.map(({ costs }) => costs[at]?.[price][arm] ?? null));
  return {
    cases: sum(groups.map(({ cases }) => cases)),
    input: reductionOf(sum(groups.map(({ input }) => input.raw)), sum(groups.map(({ input }) => input.optimized))),
    output:
      outputs.length === 0
        ? null
        : reductionOf(sum(outputs.map(({ raw }) => raw)), sum(outputs.map(({ optimized }) => optimized))),
    recall:
      judged === 0
        ? null
        : {
            cases: judged,
            raw: sum(recalls.map(({ raw, cases }) => raw * cases)) / judged,
            optimized: sum(recalls.map(({ optimized, cases }) => optimized * cases)) / judged,
          },
    latencyRatio: sum(groups.map(({ latency }) => latency.ratio)) / Math.max(1, groups.length),
    costs: (groups[0]?.costs ?? []).map(({ vendor, model }, at) => ({
      vendor,
      model,
      uncached: { raw: costAt(at, "uncached", "raw"), optimized: costAt(at, "uncached", "optimized") },
      cached: { raw: costAt(at, "cached", "raw"), optimized: costAt(at, "cached", "optimized") },
    })),
  };
}

const howMeasured = ({ modelDelayMs, prefillMsPerThousandTokens, dataFolder, seed }: CompressionReport["settings"]): string[] => [
  dataFolder === null
    ? `The cases are made from the seed "${seed}": the same seed makes the same cases.`
    : `The cases are the files of ${dataFolder}.`,
  "Every case went twice through the whole pipeline (NATS and all services as processes of their own): once with compression off and the answer as JSON, the baseline, and once as NOCP does it when a request says nothing about compression or format. Both came right after one another, each of them first every other time, one request at a time.",
  "Documents travel in the request; conversations are sessions that NOCP keeps, in which the turns were said before; records are read by the tools that a user has: file.read from JSON files, sql.query from a SQLite database.",
  `A model server for measuring stands where a provider would. It is not a model: it counts the tokens that reached it, waits ${modelDelayMs} ms and ${prefillMsPerThousandTokens} ms for each 1,000 prompt tokens (a simulated prefill), and answers with those of the needed facts that stand in the prompt, or with those rows of the right table whose cells all do.`,
  "Recall is judged on the answer that came back at the end: a case counts when the answer holds everything it needs. That is a floor: without the facts no model can answer, with them most can.",
  "Input is what the model server counted (o200k_base). Output is the table as it was handed over, against the same table as compact JSON.",
  "Money is tokens times the price table; models whose vendors publish no tokenizer are counted by o200k_base times the factor that NOCP starts with.",
];

const range = (values: readonly number[]): string => {
  const written = (value: number) => value.toFixed(value < 10 ? 1 : 0);
  return `${written(Math.min(...values))} to ${written(Math.max(...values))}`;
};

function notesOf(groups: readonly GroupReport[], { costs }: ReportTotal): string[] {
  const dearer = costs.filter(
    ({ cached, uncached }) => cached.raw !== null && uncached.optimized !== null && uncached.optimized > cached.raw,
  );
  return [
    "The output that is reduced is what the caller gets and passes on; the model was billed for the JSON it wrote. So the cost figures hold no saving on output.",
    "“Cached” takes the whole input as read from the provider's cache in both arms, the best a cache can do. What is left after compression depends on the question: over the same data, a raw context can hit the cache where an optimized one misses it.",
    ...(dearer.length === 0
      ? []
      : [
          `Where the raw context is always cached and the optimized one never, the optimized one is dearer at ${dearer.map(({ model }) => model).join(", ")}.`,
        ]),
    ...(groups.length === 0
      ? []
      : [
          `The time of a model is simulated, and what it takes decides the ratio of latencies. Without it NOCP takes ${range(groups.map(({ latencyWithoutModel }) => latencyWithoutModel.ratio))} times as long as the pipeline that compresses nothing; assess, the archive included, takes ${range(groups.map(({ assessP50Ms }) => assessP50Ms))} ms of a case at p50.`,
        ]),
    ...(groups.some(({ cases }) => cases < 50)
      ? ["Groups are small: with 12 cases, one answer more or less is 8 points of recall. --cases takes more."]
      : []),
    "Answers whose facts occur elsewhere in a context by chance count as found; the generators draw facts so that they occur once.",
  ];
}
