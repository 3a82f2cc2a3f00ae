// The HTTP API under load: what it adds to the model's own answer, and to the same requests put on the queue without it.

import { cpus, totalmem } from "node:os";
import { Option } from "@commander-js/extra-typings";
import type { Deployment } from "@nocp/cli/deployment/start-deployment.ts";
import { wholeNumber } from "@nocp/cli/options/option-values.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { gatewayPaths } from "@nocp/contracts/gateway-key.ts";
import { createHttpCaller } from "./load/http-caller.ts";
import { createProcessorTime } from "./load/processor-time.ts";
import { askOnce, queuedRequest } from "./load/queued-request.ts";
import { residentBytes } from "./load/resident-memory.ts";
import { type LoadRun, outcomeOf, runLoad } from "./load/run-load.ts";
import { showProgress } from "./load/show-progress.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { type GatewayReport, renderGatewayText } from "./reports/gateway-report.ts";
import { printReport } from "./reports/print-report.ts";
import { startPipeline } from "./servers/start-pipeline.ts";
import { startSmallServer } from "./servers/start-server.ts";

const options = readOptions(
  benchmarkCommand("gateway")
    .option("--requests <count>", "measured calls of each kind", wholeNumber(1), 5_000)
    .option("--rounds <count>", "the kinds take turns this often", wholeNumber(1), 5)
    .option("--warm-up <count>", "calls before them, not counted: until then V8 still compiles", wholeNumber(0), 3_000)
    .option("--concurrency <count>", "calls in flight", wholeNumber(1), 64)
    .option("--upstream-delay-ms <ms>", "the model's server answers after this time", wholeNumber(0), 1)
    .addOption(new Option("--path <path>", "which way the gateway's calls take").choices(gatewayPaths).default("queue" as const))
    .option("--stream", "ask for streamed answers"),
);
const { requests, rounds, warmUp, concurrency, upstreamDelayMs } = options;
const streams = options.stream === true;
/** How many calls one after the other stand for latency without load. */
const sequentialShare = 0.1;
const model = "benchmark-model";
const bodyFor = (named: string): Readonly<Record<string, unknown>> => ({
  model: named,
  messages: [{ role: "user", content: "What is the launch code?" }],
  ...(streams ? { stream: true } : {}),
});
const routed = `openai-compatible/${model}`;

interface Subject {
  readonly name: keyof GatewayReport["outcomes"];
  readonly operation: () => Promise<void>;
  /** Resolves with the first piece of a streamed answer. */
  readonly begin?: () => Promise<void>;
  readonly loaded: LoadRun[];
  readonly alone: LoadRun[];
  readonly begun: LoadRun[];
}

async function measureRound({ name, operation, begin, loaded, alone, begun }: Subject, round: number): Promise<void> {
  const share = Math.ceil(requests / rounds);
  const onProgress = showProgress(`${name}, round ${round} of ${rounds}`);
  loaded.push(await runLoad({ requests: share, warmUp: round === 1 ? warmUp : 0, concurrency, operation, onProgress }));
  const sequential = Math.ceil(share * sequentialShare);
  alone.push(await runLoad({ requests: sequential, warmUp: round === 1 ? 20 : 0, concurrency: 1, operation }));
  if (streams && begin) begun.push(await runLoad({ requests: sequential, warmUp: 0, concurrency: 1, operation: begin }));
}

async function measure(): Promise<Pick<GatewayReport, "outcomes" | "processorMs" | "residentMiB">> {
  const upstream = await startSmallServer("model-server", [String(upstreamDelayMs)]);
  const pipeline = await startPipeline({
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${upstream.url}/v1`,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: model,
    NOCP_GATEWAY_PATH: options.path,
  });
  const client = await createClient({ natsUrl: pipeline.deployment.natsUrl });
  const [gatewayUrl = ""] = pipeline.deployment.gatewayUrls;
  const path = "/v1/chat/completions";
  const direct = createHttpCaller(`${upstream.url}${path}`, bodyFor(model));
  const gateway = createHttpCaller(`${gatewayUrl}${path}`, bodyFor(routed), { "x-nocp-cache": "off" });
  const request = queuedRequest(bodyFor(routed), routed);
  const ask = () => askOnce(client, request);
  const subjects: readonly Subject[] = [
    { name: "direct", operation: direct.call, begin: direct.begin, loaded: [], alone: [], begun: [] },
    { name: "queue", operation: ask, loaded: [], alone: [], begun: [] },
    { name: "gateway", operation: gateway.call, begin: gateway.begin, loaded: [], alone: [], begun: [] },
  ];
  const processorTime = createProcessorTime(pipeline.deployment.processes);
  const residentMiB: number[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const subject of subjects) {
        // The first round has the warm-up.
        const isWatched = subject.name === "gateway" && (round > 1 || rounds === 1);
        if (isWatched) await processorTime.begin();
        await measureRound(subject, round);
        const handled = [subject.loaded, subject.alone].reduce((sum, runs) => sum + (runs.at(-1)?.latenciesMs.length ?? 0), 0);
        if (isWatched) await processorTime.end(handled);
      }
      residentMiB.push(...residentOfGateway(pipeline.deployment.processes));
    }
    return { outcomes: outcomesOf(subjects), processorMs: processorTime.perRequestMs(), residentMiB };
  } finally {
    direct.close();
    gateway.close();
    await client.close();
    await pipeline.stop();
    upstream.stop();
  }
}

const outcomesOf = (subjects: readonly Subject[]): GatewayReport["outcomes"] =>
  Object.fromEntries(
    subjects.map(({ name, loaded, alone, begun }) => [
      name,
      { loaded: outcomeOf(loaded), alone: outcomeOf(alone), ...(begun.length > 0 ? { begun: outcomeOf(begun) } : {}) },
    ]),
  ) as GatewayReport["outcomes"];

const residentOfGateway = (processes: Deployment["processes"]): number[] =>
  processes.flatMap(({ service, pid }) => (service === "gateway" && pid !== undefined ? [residentBytes(pid) / 2 ** 20] : []));

const report: GatewayReport = {
  at: new Date().toISOString(),
  machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version },
  settings: { requests, rounds, warmUp, concurrency, upstreamDelayMs, streams, path: options.path },
  ...(await measure()),
};
printReport(renderGatewayText(report), report, options.json);
const hasErrors = Object.values(report.outcomes).some(({ loaded }) => Object.keys(loaded.errors).length > 0);
process.exitCode = hasErrors ? 1 : 0;
