// NOCP beside other programs: --compression, headroom from PyPI; --gateway, Portkey from npm and LiteLLM from PyPI.
import { join } from "node:path";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { list, numberFrom, someOf, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { measureGateways } from "./peers/gateways/measure-gateways.ts";
import { measureCompressors } from "./peers/measure-compressors.ts";
import { printReport } from "./reports/print-report.ts";
import { sizes } from "./workloads/workload.ts";

const projectRoot = join(import.meta.dirname, "../..");

/** Milliseconds, separated by commas. */
function delays(text: string): number[] {
  const numbers = list(text).map(Number);
  if (numbers.length > 0 && numbers.every((one) => Number.isSafeInteger(one) && one >= 0)) return [...new Set(numbers)];
  throw new InvalidArgumentError("Give whole milliseconds, separated by commas.");
}

const options = readOptions(
  benchmarkCommand("peers")
    .option("--compression", "tokens kept, recall, faithfulness and time of compressors")
    .option("--sizes <list>", `of the workloads, of ${sizes.join(", ")} (default: all)`, someOf(sizes))
    .option("--cases <count>", "cases per workload, table and log, and seeds per kind of text", wholeNumber(1), 6)
    .option("--groups <list>", "only groups whose name contains one of these", (text) => text.split(","))
    .option("--seed <text>", "seed that the cases are generated from", "nocp")
    .option("--gateway", "throughput, latency and processor time of gateways before the same model server")
    .option("--only <list>", "only gateways whose name contains one of these, e.g. portkey,direct", list)
    .option("--upstream-delays-ms <list>", "the model's server answers after these times, in turn", delays, [1, 20, 0])
    .option("--rounds <count>", "turns of each gateway for each figure", wholeNumber(1), 2)
    .option("--seconds <count>", "how long each turn lasts", numberFrom(0.1), 1)
    .option("--warm-up-seconds <count>", "calls before them, not counted", numberFrom(0), 5)
    .option("--cache <folder>", "where programs are installed", join(projectRoot, ".nocp/peers")),
);
const { upstreamDelaysMs, cache: cacheFolder } = options;
const setUp = { cacheFolder, onStep: (line: string) => void process.stderr.write(`${line}\n`) };

if ((options.compression === true) === (options.gateway === true)) {
  const advice = "Use ./nocp benchmark peers --compression, or --gateway";
  throw new NocpError("USAGE", "say what to compare", { advice });
}
const { text, report, hasErrors } = options.gateway
  ? await measureGateways({ ...options, upstreamDelaysMs }, setUp)
  : await measureCompressors(options, setUp);
printReport(text, report, options.json);
process.exitCode = hasErrors ? 1 : 0;
