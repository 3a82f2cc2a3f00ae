// All contenders on all cases, counted with one tokenizer and judged by the same rules.
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { Verdict } from "../faithfulness/faithfulness-case.ts";
import { type ComparedCase, type ComparedGroup, type Contender, contentOf, type Judgement } from "./compared-case.ts";

export interface ContenderFigures {
  readonly contender: string;
  readonly leftTokens: number;
  /** Share of the tokens that are left, over all cases together. */
  readonly keptShare: number;
  /** Share of the cases in which all that the answer needs is left. */
  readonly recall: number;
  /** Cases by verdict; undefined for groups that only ask for facts. */
  readonly verdicts: Readonly<Record<Verdict, number>> | undefined;
  /** Median of a case. */
  readonly medianMs: number;
  readonly msPer10kTokens: number;
}

export interface GroupComparison {
  readonly group: string;
  readonly cases: number;
  /** Of all cases together, as they would be sent without a compressor. */
  readonly rawTokens: number;
  readonly figures: readonly ContenderFigures[];
}

interface Measurement extends Judgement {
  readonly rawTokens: number;
  readonly leftTokens: number;
  readonly elapsedMs: number;
}

/** How often everyone compresses a group's first case before it is measured, for compiled code and filled caches. */
const warmUpRuns = 3;

/** Contenders take turns at each case, so that other load on the machine meets all of them. */
export async function compareCompression(
  groups: readonly ComparedGroup[],
  contenders: readonly Contender[],
  counter: TokenCounter,
  onGroup: (name: string) => void,
): Promise<GroupComparison[]> {
  const compared: GroupComparison[] = [];
  for (const { name, cases } of groups) {
    onGroup(name);
    await warmUp(cases.slice(0, 1), contenders);
    const measured = new Map<string, Measurement[]>(contenders.map((contender) => [contender.name, []]));
    for (const [at, one] of cases.entries()) {
      const rawTokens = counter.count(one.items.map(contentOf).join("\n"));
      const first = at % contenders.length;
      for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)])
        measured.get(contender.name)?.push(await measure(contender, one, rawTokens, counter));
    }
    compared.push(comparisonOf(name, measured));
  }
  return compared;
}

async function warmUp(cases: readonly ComparedCase[], contenders: readonly Contender[]): Promise<void> {
  for (const one of cases)
    for (const contender of contenders) for (let run = 0; run < warmUpRuns; run++) await contender.compress(one);
}

async function measure(contender: Contender, one: ComparedCase, rawTokens: number, counter: TokenCounter): Promise<Measurement> {
  const { text, judged, elapsedMs } = await contender.compress(one);
  return { ...one.judge(judged), rawTokens, leftTokens: counter.count(text), elapsedMs };
}

function comparisonOf(group: string, measured: ReadonlyMap<string, readonly Measurement[]>): GroupComparison {
  const [sample = []] = measured.values();
  const rawTokens = sum(sample.map((one) => one.rawTokens));
  const figures = [...measured].map(([contender, all]) => figuresOf(contender, all, rawTokens));
  return { group, cases: sample.length, rawTokens, figures };
}

function figuresOf(contender: string, all: readonly Measurement[], rawTokens: number): ContenderFigures {
  const leftTokens = sum(all.map((one) => one.leftTokens));
  const totalMs = sum(all.map(({ elapsedMs }) => elapsedMs));
  return {
    contender,
    leftTokens,
    keptShare: leftTokens / rawTokens,
    recall: all.filter(({ hasFacts }) => hasFacts).length / all.length,
    verdicts: verdictsOf(all),
    medianMs: all.map(({ elapsedMs }) => elapsedMs).sort((left, right) => left - right)[Math.floor(all.length / 2)] ?? 0,
    msPer10kTokens: (totalMs / rawTokens) * 10_000,
  };
}

function verdictsOf(all: readonly Judgement[]): Record<Verdict, number> | undefined {
  const counts: Record<Verdict, number> = { right: 0, wrong: 0, torn: 0, lost: 0 };
  const judged = all.flatMap(({ verdict }) => verdict ?? []);
  for (const verdict of judged) counts[verdict]++;
  return judged.length === 0 ? undefined : counts;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
