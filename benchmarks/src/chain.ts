// All stages in one process against one process a stage, in turn: requests per second and latency, at the same durability.
import { cpus } from "node:os";
import { wholeNumber } from "@nocp/cli/options/option-values.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createProcessorTime } from "./load/processor-time.ts";
import { askOnce } from "./load/queued-request.ts";
import { type LoadRun, outcomeOf, runLoad } from "./load/run-load.ts";
import { showProgress } from "./load/show-progress.ts";
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
/** How many requests one after the other stand for latency without load. */
const sequentialShare = 0.1;

async function startSubject(name: keyof ChainReport["outcomes"], upstreamUrl: string) {
  const environment = {
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${upstreamUrl}/v1`,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "benchmark-model",
  };
  const pipeline = await startPipeline(environment, undefined, sync, name === "chain");
  const client = await createClient({ natsUrl: pipeline.deployment.natsUrl });
  const processorTime = createProcessorTime(pipeline.deployment.processes);
  const loaded: LoadRun[] = [];
  const alone: LoadRun[] = [];
  const routing = { provider: "openai-compatible", cache: "off" } as const;
  const operation = () => askOnce(client, { query: "What is the launch code?", routing });
  return {
    name,
    async measure(round: number): Promise<void> {
      const isWatched = round > 1 || rounds === 1;
      const share = Math.ceil(requests / rounds);
      const onProgress = showProgress(`${name}, round ${round} of ${rounds}`);
      if (round === 1) await runLoad({ requests: warmUp, warmUp: 0, concurrency, operation });
      if (isWatched) await processorTime.begin();
      loaded.push(await runLoad({ requests: share, warmUp: 0, concurrency, operation, onProgress }));
      if (isWatched) await processorTime.end(share);
      alone.push(await runLoad({ requests: Math.ceil(share * sequentialShare), warmUp: 0, concurrency: 1, operation }));
    },
    outcome: () => ({ loaded: outcomeOf(loaded), alone: outcomeOf(alone), processorMs: processorTime.perRequestMs() }),
    async stop(): Promise<void> {
      await client.close();
      await pipeline.stop();
    },
  };
}

async function measure(): Promise<ChainReport["outcomes"]> {
  const upstream = await startSmallServer("model-server", [String(upstreamDelayMs)]);
  const processes = await startSubject("processes", upstream.url);
  const chain = await startSubject("chain", upstream.url);
  try {
    for (let round = 1; round <= rounds; round++) {
      await processes.measure(round);
      await chain.measure(round);
    }
    return { processes: processes.outcome(), chain: chain.outcome() };
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
