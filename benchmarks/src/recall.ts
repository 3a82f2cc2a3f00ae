// Recall of what answers need: at shares of the tokens beside plain BM25, and promised against achieved for floors of recall.
import { createCompressor } from "@nocp/assess/compress.ts";
import { defaultModel } from "@nocp/assess/config.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { list, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { createLongChats } from "./recall/long-chats.ts";
import { byBm25, byFloor, byRatio, measureRecall, type RecallFigures } from "./recall/measure-recall.ts";
import type { RecallSet } from "./recall/recall-case.ts";
import { loadUserSets } from "./recall/user-sets.ts";
import { printReport } from "./reports/print-report.ts";

const shares = (text: string): number[] =>
  list(text).map((word) => {
    const share = Number(word);
    if (share > 0 && share <= 1) return share;
    throw new NocpError("USAGE", `${word} is no share: give numbers above 0 and up to 1`);
  });

const options = readOptions(
  benchmarkCommand("recall")
    .option("--ratios <list>", "shares of the tokens that are kept", shares, [0.3, 0.1])
    .option("--floors [list]", "instead: floors of recall, promised against achieved", shares)
    .option("--seeds <list>", "seeds of the long chats", list, ["a", "b", "c"])
    .option("--chats <count>", "chats of a seed", wholeNumber(1), 4)
    .option("--questions <count>", "questions for each chat", wholeNumber(1), 25)
    .option("--data <folder>", "your own cases instead, *.jsonl with what an answer needs, as for the benchmark compression")
    .option("--cases <count>", "cases of each of your files (default: all)", wholeNumber(1)),
);
const defaultFloors = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

const counter = createTokenCounter(defaultModel);
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });

const setsOf = (): RecallSet[] =>
  options.data === undefined
    ? options.seeds.map((seed) => createLongChats({ seed, chats: options.chats, questionsPerChat: options.questions }))
    : loadUserSets(options.data, options.cases);

const figure = (value: number): string => value.toFixed(3).padStart(8);

async function compareAtRatios(sets: readonly RecallSet[]): Promise<void> {
  const rows: { set: string; cases: number; ratio: number; nocp: RecallFigures; bm25: RecallFigures }[] = [];
  for (const set of sets) {
    for (const ratio of options.ratios) {
      const nocp = await measureRecall(set, byRatio(compressor, ratio), counter);
      const bm25 = await measureRecall(set, byBm25(counter, ratio), counter);
      rows.push({ set: set.name, cases: set.cases.length, ratio, nocp, bm25 });
      process.stderr.write(`${set.name}: measured at ${ratio}\n`);
    }
  }
  const lines = rows.map(({ set, cases, ratio, nocp, bm25 }) => {
    const figures = [ratio, nocp.keptShare, nocp.recall, bm25.recall, nocp.recall - bm25.recall].map(figure);
    return `${`${set} (${cases})`.padEnd(28)}${figures.join("")}`;
  });
  const header = `${"set (cases)".padEnd(28)}${["ratio", "kept", "NOCP", "BM25", "ahead"].map((title) => title.padStart(8)).join("")}`;
  printReport([header, ...lines].join("\n"), { rows }, options.json);
}

async function checkFloors(sets: readonly RecallSet[], floors: readonly number[]): Promise<void> {
  const rows: { set: string; cases: number; floor: number; achieved: RecallFigures; isKept: boolean }[] = [];
  for (const set of sets) {
    for (const floor of floors) {
      const achieved = await measureRecall(set, byFloor(compressor, floor), counter);
      rows.push({ set: set.name, cases: set.cases.length, floor, achieved, isKept: achieved.recall >= floor });
    }
    process.stderr.write(`${set.name}: measured\n`);
  }
  const lines = rows.map(({ set, cases, floor, achieved, isKept }) => {
    const figures = [floor, achieved.recall, achieved.keptShare].map(figure);
    return `${`${set} (${cases})`.padEnd(28)}${figures.join("")}${isKept ? "" : "   MISSED"}`;
  });
  const header = `${"set (cases)".padEnd(28)}${["promised", "achieved", "kept"].map((title) => title.padStart(9)).join("")}`;
  printReport([header, ...lines].join("\n"), { rows }, options.json);
}

const { floors } = options;
if (floors === undefined) await compareAtRatios(setsOf());
else await checkFloors(setsOf(), floors === true ? defaultFloors : floors);
