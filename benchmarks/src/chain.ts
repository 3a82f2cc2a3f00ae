// All stages in one process against one process a stage, in turn: requests per second and latency, at the same durability.
import { cpus } from "node:os";
import { wholeNumber } from "@nocp/cli/options/option-values.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { measureInTurns } from "./load/pipelines-in-turns.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { type ChainReport, renderChainText } from "./reports/chain-report.ts";
import { printReport } from "./reports/print-report.ts";
import { canSync, startPipeline } from "./servers/start-pipeline.ts";
import { startSmallServer } from "./servers/start-server.ts";

const options = readOptions(
  benchmarkCommand("chain")
    .option("--requests <count>", "measured requests of each form", wholeNumber(1), 5_000)
    .option("--rounds <count>", "the two take turns this often", wholeNumber(1), 5)
    .option("--warm-up <count>", "requests before them, not counted: until then V8 still compiles", wholeNumber(0), 3_000)
    .option("--concurrency <count>", "requests in flight", wholeNumber(1), 64)
    .option("--upstream-delay-ms <ms>", "the model's server answers after this time", wholeNumber(0), 1)
    .option("--sync", "every write on the disk before it is acknowledged, as ./nocp up runs NATS"),
);
const { requests, rounds, warmUp, concurrency, upstreamDelayMs } = options;
const sync = options.sync === true;
if (sync && !canSync()) throw new NocpError("USAGE", "this nats-server cannot sync every write: leave out --sync");

async function measure(): Promise<ChainReport["outcomes"]> {
  const upstream = await startSmallServer("model-server", [String(upstreamDelayMs)]);
  const environment = {
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${upstream.url}/v1`,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "benchmark-model",
  };
  const request = {
    query: "What is the launch code?",
    routing: { provider: "openai-compatible", cache: "off" },
  } as const;
  const processes = await startPipeline(environment, { syncAlways: sync });
  const chain = await startPipeline(environment, { syncAlways: sync, chain: true });
  try {
    return await measureInTurns(
      [
        { name: "processes", pipeline: processes, request },
        { name: "chain", pipeline: chain, request },
      ],
      { requests, rounds, warmUp, concurrency },
    );
  } finally {
    await Promise.all([processes.stop(), chain.stop()]);
    upstream.stop();
  }
}

const report: ChainReport = {
  at: new Date().toISOString(),
  machine: { cores: cpus().length, node: process.version },
  settings: { requests, rounds, warmUp, concurrency, upstreamDelayMs, sync },
  outcomes: await measure(),
};
printReport(renderChainText(report), report, options.json);
const hasErrors = Object.values(report.outcomes).some(({ loaded }) => Object.keys(loaded.errors).length > 0);
process.exitCode = hasErrors ? 1 : 0;
