// NOCP beside other programs on the same cases; --compression: headroom, installed from PyPI into a cache folder.
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { defaultModel } from "@nocp/assess/config.ts";
import { someOf, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { compareCompression } from "./peers/compare-compression.ts";
import { createFactGroups } from "./peers/fact-groups.ts";
import { createFaithfulnessGroups } from "./peers/faithfulness-groups.ts";
import { startHeadroom } from "./peers/headroom.ts";
import { installHeadroom } from "./peers/install-headroom.ts";
import { createNocp } from "./peers/nocp.ts";
import { renderPeers } from "./reports/peers-text.ts";
import { printReport } from "./reports/print-report.ts";
import { sizes } from "./workloads/workload.ts";

const projectRoot = join(import.meta.dirname, "../..");

const parseOptions = () =>
  readOptions(
    benchmarkCommand("peers")
      .option("--compression", "tokens kept, recall, faithfulness and time of compressors")
      .option("--sizes <list>", `of the workloads, of ${sizes.join(", ")} (default: all)`, someOf(sizes))
      .option("--cases <count>", "cases per workload, table and log, and seeds per kind of text", wholeNumber(1), 6)
      .option("--groups <list>", "only groups whose name contains one of these", (text) => text.split(","))
      .option("--seed <text>", "seed that the cases are generated from", "nocp")
      .option("--cache <folder>", "where programs are installed", join(projectRoot, ".nocp/peers")),
  );

const options = parseOptions();
if (options.compression !== true)
  throw new NocpError("USAGE", "say what to compare", { advice: "Use ./nocp benchmark peers --compression" });

const installed = await installHeadroom({ cacheFolder: options.cache, onStep: (line) => process.stderr.write(`${line}\n`) });
const headroom = await startHeadroom(installed);
try {
  const counter = createTokenCounter(defaultModel);
  const all = [
    ...createFactGroups({ sizes: options.sizes ?? sizes, casesPerGroup: options.cases, seed: options.seed }),
    ...createFaithfulnessGroups(Array.from({ length: options.cases }, (_, at) => 3 + 8 * at)),
  ];
  const groups = all.filter(({ name }) => options.groups?.some((part) => name.includes(part)) ?? true);
  if (groups.length === 0) throw new NocpError("USAGE", `--groups leaves nothing of ${all.map(({ name }) => name).join(", ")}`);
  const loadBefore = loadavg()[0] ?? 0;
  const contenders = [...(await createNocp(counter)), ...headroom.contenders];
  const compared = await compareCompression(groups, contenders, counter, (name) => process.stderr.write(`${name}\n`));
  const load = { before: loadBefore, after: loadavg()[0] ?? 0 };
  const machine = `${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}`;
  const notes = [
    `headroom ${headroom.version} offline: its model for prose (Kompress) is fetched from Hugging Face and was not available, so prose passes through it unchanged.`,
    `Tokens are ${defaultModel}'s, counted by NOCP for everyone. "kept" is what would be sent over what came, all cases of a group together.`,
    "Recall: the share of cases in which all that the answer needs is left. Right: it stands below its own heading, file, record or speaker; wrong: below another's; torn: half of a pair is missing; lost: it is gone.",
    "NOCP, lossless is judged on what the rules in its first line give back; all others on the text as it stands.",
    "ms: median of a case, in process, warm. NOCP's include counting the tokens; headroom's include its own estimate of them.",
    `${machine}; load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after: compare times within a group only.`,
  ];
  const report = { headroom: headroom.version, model: defaultModel, machine, load, seed: options.seed, groups: compared, notes };
  printReport(renderPeers(compared, notes), report, options.json);
} finally {
  headroom.stop();
}
