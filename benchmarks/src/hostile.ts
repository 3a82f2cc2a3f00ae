// Small requests beside large texts that are expensive for careless readers: their latency over that alone, and /healthz.
import { cpus, totalmem } from "node:os";
import { Option } from "@commander-js/extra-typings";
import { someOf, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { gatewayPaths } from "@nocp/contracts/gateway-key.ts";
import { createHttpCaller } from "./load/http-caller.ts";
import { hostileInputs, hostileLength } from "./measurement/hostile-inputs.ts";
import { createLargeRequests, type Way, ways } from "./neighbours/large-requests.ts";
import { measureNeighbour, type Neighbour, type SmallRequests } from "./neighbours/measure-neighbours.ts";
import { watchHealth } from "./neighbours/watch-health.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { type MeasuredWay, type NeighboursReport, renderNeighboursText } from "./reports/neighbours-text.ts";
import { printReport } from "./reports/print-report.ts";
import { startPipeline } from "./servers/start-pipeline.ts";
import { startSmallServer } from "./servers/start-server.ts";
import { createLog } from "./workloads/log-file.ts";
import { createRandom } from "./workloads/random.ts";

const kinds = hostileInputs(1).map(({ name }) => name);
const options = readOptions(
  benchmarkCommand("hostile")
    .option("--characters <count>", "length of the large texts", wholeNumber(1), hostileLength)
    .option("--kinds <list>", `of ${kinds.join(",")} (default: all)`, someOf(kinds))
    .option("--ways <list>", `of ${ways.join(",")} (default: all)`, someOf(ways))
    .option("--requests <count>", "small requests beside each", wholeNumber(1), 20)
    .option("--upstream-delay-ms <ms>", "the model's server answers after this time", wholeNumber(0), 20)
    .addOption(new Option("--path <path>", "which way calls over HTTP take").choices(gatewayPaths).default("queue" as const))
    .option("--chain", "run the stages in one process"),
);
const { characters, requests, upstreamDelayMs, path } = options;
const isChain = options.chain === true;
const model = "benchmark-model";
const routed = `openai-compatible/${model}`;

const prose = "The harbour office opens at 06:30 and closes at noon, but for the second Monday of a month. ";
const ordinaryTexts: Readonly<Record<string, string>> = {
  "ordinary prose": prose.repeat(Math.ceil(characters / prose.length)),
  "an ordinary log": createLog(Math.ceil(characters / 100), createRandom("hostile")).slice(0, characters),
};
const hostileTexts = hostileInputs(characters).filter(({ name }) => options.kinds?.includes(name) ?? true);

async function measure(): Promise<readonly MeasuredWay[]> {
  const upstream = await startSmallServer("model-server", [String(upstreamDelayMs)]);
  const settings = {
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${upstream.url}/v1`,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: model,
    NOCP_GATEWAY_PATH: path,
  };
  const { deployment, stop } = await startPipeline(settings, { chain: isChain });
  const client = await createClient({ natsUrl: deployment.natsUrl });
  const [gatewayUrl = ""] = deployment.gatewayUrls;
  const body = { model: routed, messages: [{ role: "user", content: "When does the harbour office open?" }] };
  const http = createHttpCaller(`${gatewayUrl}/v1/chat/completions`, body, { "x-nocp-cache": "off" });
  const health = watchHealth(deployment.processes.map(({ httpUrl }) => httpUrl));
  const tools = { large: createLargeRequests(client, gatewayUrl, routed), health };
  try {
    const measured: MeasuredWay[] = [];
    for (const way of (options.ways ?? ways) as readonly Way[]) {
      measured.push(await measureWay(way, { client, http, model: routed, count: requests }, tools));
    }
    return measured;
  } finally {
    health.stop();
    http.close();
    await client.close();
    await stop();
    upstream.stop();
  }
}

/** What compiles code and starts threads comes first, and is not counted. */
const warmUps = 5;
const aloneFactor = 3;

async function measureWay(way: Way, small: SmallRequests, tools: Parameters<typeof measureNeighbour>[3]): Promise<MeasuredWay> {
  const [text = ""] = Object.values(ordinaryTexts);
  for (let at = 0; at < warmUps; at++) await measureNeighbour(way, text, small, tools);
  const alone = await measureNeighbour(way, undefined, { ...small, count: aloneFactor * small.count }, tools);
  const ordinary: Record<string, Neighbour> = {};
  for (const [name, one] of Object.entries(ordinaryTexts)) ordinary[name] = await measureNeighbour(way, one, small, tools);
  const hostile: Record<string, Neighbour> = {};
  for (const { name, text: one } of hostileTexts) {
    hostile[name] = await measureNeighbour(way, one, small, tools);
    const { latencyMs, healthMs } = hostile[name];
    process.stderr.write(
      `${way}, ${name}: p50 ${latencyMs.p50.toFixed(1)} ms, max ${latencyMs.max.toFixed(0)} ms, /healthz ${healthMs.toFixed(0)} ms\n`,
    );
  }
  return { way, alone, ordinary, hostile };
}

const report: NeighboursReport = {
  at: new Date().toISOString(),
  machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version },
  settings: { characters, requests, upstreamDelayMs, path, chain: isChain },
  ways: await measure(),
};
printReport(renderNeighboursText(report), report, options.json);
