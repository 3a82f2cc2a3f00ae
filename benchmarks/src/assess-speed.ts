// Milliseconds of compression for each 10,000 input tokens, counting included, from small contexts to huge ones.
import { cpus } from "node:os";
import { createCompressor } from "@nocp/assess/compress.ts";
import { defaultModel } from "@nocp/assess/config.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { list, someOf, wholeNumber } from "@nocp/cli/options/option-values.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { type ColdStart, coldStartOf, coldTable } from "./measurement/cold-starts.ts";
import { hostileInputs } from "./measurement/hostile-inputs.ts";
import { createSpeedInput, type SpeedInput, speedSubjects } from "./measurement/speed-inputs.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { printReport } from "./reports/print-report.ts";

const subjectNames = speedSubjects.map(({ name }) => name);
const defaultSizes = [10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000];
const {
  sizes,
  subjects = subjectNames,
  rounds,
  hostile,
  cold,
  json,
} = readOptions(
  benchmarkCommand("assess-speed")
    .option("--sizes <list>", "input tokens", (text) => list(text).map(wholeNumber(1)), defaultSizes)
    .option("--subjects <list>", `of ${subjectNames.join(",")} (default: all)`, someOf(subjectNames))
    .option("--rounds <count>", "runs per size; the median counts", wholeNumber(1), 5)
    .option("--cold [tokens]", "instead: the first compressions of fresh processes", wholeNumber(1))
    .option("--hostile", "instead: texts of 200,000 characters that are expensive for careless readers"),
);

/** Milliseconds for 10,000 tokens, of text and of source code. */
const limits = { text: { floor: 8, aim: 4 }, code: { floor: 24, aim: 12 } };
/** Time a token at the largest size over that at the smallest: growth beyond this is called superlinear. */
const maxGrowth = 1.5;
/** Smaller contexts run this often before they are measured, so that compiled code is what is compared. */
const warmUpRuns = 20;
const warmUpTokens = 30_000;

const counter = createTokenCounter(defaultModel);
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });

async function timeOf({ query, items }: SpeedInput) {
  const startedAt = performance.now();
  const { rawTokens, optimizedTokens } = await compressor.compress({ query, items, mode: "auto" });
  return { elapsedMs: performance.now() - startedAt, rawTokens, optimizedTokens };
}

/** A copy of its own: what is remembered of one object must not help the next run. */
const fresh = (input: SpeedInput): SpeedInput => structuredClone(input);
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? 0;

/** Printed without a limit: what matters is that none of them takes seconds. */
async function measureHostile(): Promise<void> {
  const results = [];
  for (const { name, text } of hostileInputs()) {
    const forms: Readonly<Record<string, ContextItem>> = {
      document: { kind: "document", id: "i", title: "", text },
      tool: { kind: "tool", id: "i", name: "file.read", data: text },
      field: { kind: "tool", id: "i", name: "lookup", data: { text } },
    };
    const elapsedMs: Record<string, number> = {};
    for (const [form, item] of Object.entries(forms)) {
      const startedAt = performance.now();
      await compressor.compress({ query: "Why did the payment fail?", items: [item], mode: "auto", targetRatio: 0.3 });
      elapsedMs[form] = performance.now() - startedAt;
    }
    results.push({ name, characters: text.length, elapsedMs });
  }
  const rows = results.map(({ name, elapsedMs }) => {
    const cells = Object.values(elapsedMs).map((ms) => ms.toFixed(0).padStart(10));
    return `${name.padEnd(22)}${cells.join("")}`;
  });
  const title = `ms for one text of 200,000 characters, each once; ${cpus()[0]?.model}, Node ${process.version}`;
  const header = `${"".padEnd(22)}${["document", "tool text", "field"].map((form) => form.padStart(10)).join("")}`;
  printReport([title, header, ...rows].join("\n"), { hostile: results }, json);
}

/** Tokens of the contexts that fresh processes compress, unless others are asked for. */
const coldTokens = 2400;

async function measureCold(sizeTokens: number): Promise<void> {
  const starts: ColdStart[] = [];
  for (const subject of subjects) starts.push(await coldStartOf(subject, sizeTokens, rounds));
  printReport(coldTable(starts, sizeTokens), { sizeTokens, cold: starts }, json);
}

async function measureCurves(): Promise<void> {
  const curves = [];
  for (const subject of speedSubjects.filter(({ name }) => subjects.includes(name))) {
    const warmUp = createSpeedInput(subject, warmUpTokens, counter);
    for (let run = 0; run < warmUpRuns; run++) await timeOf(fresh(warmUp));
    const points = [];
    for (const size of sizes) {
      const input = createSpeedInput(subject, size, counter);
      const runs = [];
      for (let round = 0; round < rounds; round++) runs.push(await timeOf(fresh(input)));
      const { rawTokens = 0, optimizedTokens = 0 } = runs[0] ?? {};
      const elapsedMs = median(runs.map((run) => run.elapsedMs));
      points.push({ rawTokens, optimizedTokens, elapsedMs, msPer10kTokens: (elapsedMs / rawTokens) * 10_000 });
      process.stderr.write(`${subject.name}: ${rawTokens} tokens in ${elapsedMs.toFixed(1)} ms\n`);
    }
    const growth = (points.at(-1)?.msPer10kTokens ?? 0) / (points[0]?.msPer10kTokens ?? 1);
    const limit = subject.isCode ? limits.code : limits.text;
    const worst = Math.max(...points.map(({ msPer10kTokens }) => msPer10kTokens));
    curves.push({
      subject: subject.name,
      limit,
      points,
      growth,
      isLinear: growth <= maxGrowth,
      floorMet: worst <= limit.floor,
      aimMet: worst <= limit.aim,
    });
  }

  const verdictOf = (met: boolean): string => (met ? "met" : "MISSED");
  const lines = curves.map(({ subject, limit, points, growth, isLinear, floorMet, aimMet }) => {
    const cells = points.map(({ msPer10kTokens }) => msPer10kTokens.toFixed(2).padStart(10));
    const verdict = `floor ${limit.floor} ${verdictOf(floorMet)}, aim ${limit.aim} ${verdictOf(aimMet)}`;
    return `${subject.padEnd(14)}${cells.join("")}   ${isLinear ? "linear" : "SUPERLINEAR"} (largest over smallest ${growth.toFixed(2)}), ${verdict}`;
  });
  const text = [
    `ms for each 10,000 input tokens, counting included, in process, warm; ${cpus()[0]?.model}, Node ${process.version}`,
    ["".padEnd(14), ...sizes.map((size) => size.toLocaleString("en-US").padStart(10))].join(""),
    ...lines,
  ].join("\n");
  printReport(text, { limits, maxGrowth, curves }, json);
}

if (cold !== undefined) await measureCold(cold === true ? coldTokens : cold);
else await (hostile === true ? measureHostile() : measureCurves());
