// The whole pipeline under load, against the bare pipe measured in the same run: throughput, latency, queue wait.
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { type Client, createClient } from "@nocp/shared/client/create-client.ts";
import type { NocpRequestInput } from "@nocp/shared/contracts/request.ts";
import type { Latency } from "@nocp/shared/contracts/result.ts";
import { type Lane, lanes } from "@nocp/shared/contracts/topology.ts";
import { openBarePipe } from "./load/bare-pipe.ts";
import { distributionOf } from "./load/percentiles.ts";
import { runLoad } from "./load/run-load.ts";
import { showProgress } from "./load/show-progress.ts";
import { type PipelineReport, renderMarkdown, renderText } from "./reports/pipeline-report.ts";
import { startPipeline } from "./servers/start-pipeline.ts";
import { startSmallServer } from "./servers/start-server.ts";

const usage = `./nocp benchmark pipeline [options]

  --requests N           measured requests at the given concurrency (default 5000)
  --warm-up N            requests before them, not counted (default 1000)
  --concurrency N        requests under way at once (default 64)
  --rate N               requests a second instead, however many are under way
  --request-bytes N      size of each request's document (default 500)
  --upstream-delay-ms N  a model server over HTTP that answers after this long; without it the built-in
                         extractive provider answers in the router's own process
  --lanes LIST           interactive, batch or both, in turn (default interactive)
  --nats-url URL         a running deployment instead of one started for this run (no bare pipe then)
  --json FILE            write the report as JSON
  --markdown FILE        write the report as Markdown`;

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "5000" },
    "warm-up": { type: "string", default: "1000" },
    concurrency: { type: "string", default: "64" },
    rate: { type: "string" },
    "request-bytes": { type: "string", default: "500" },
    "upstream-delay-ms": { type: "string" },
    lanes: { type: "string", default: "interactive" },
    "nats-url": { type: "string" },
    json: { type: "string" },
    markdown: { type: "string" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const requests = Number(values.requests);
const warmUp = Number(values["warm-up"]);
const concurrency = Number(values.concurrency);
const chosenLanes = values.lanes.split(",").filter((lane): lane is Lane => lanes.some((known) => known === lane));
const filler = "The quick brown fox jumps over the lazy dog, and the dog does not mind. ";
const text = `The launch code is 4711. ${filler.repeat(Math.ceil(Number(values["request-bytes"]) / filler.length))}`.slice(
  0,
  Number(values["request-bytes"]),
);
/** How many requests one after the other stand for latency without load. */
const SEQUENTIAL_SHARE = 0.2;

const requestOf = (index: number): NocpRequestInput => ({
  query: "What is the launch code?",
  documents: [{ title: "Notes", text }],
  lane: chosenLanes[index % chosenLanes.length] ?? "interactive",
  ...(values["upstream-delay-ms"] === undefined ? {} : { routing: { provider: "openai-compatible", cache: "off" } }),
});

async function measurePipeline(client: Client): Promise<PipelineReport["pipeline"]> {
  const latencies: Latency[] = [];
  const operation = async (index: number) => {
    const result = await client.ask(requestOf(index), { timeoutMs: 60_000 });
    if (result.status === "failed") throw Object.assign(new Error("failed"), { code: result.error?.code ?? "failed" });
    latencies.push(result.latency);
  };
  const load = { requests, warmUp, concurrency, operation, onProgress: showProgress("pipeline") };
  const loaded = await runLoad(values.rate === undefined ? load : { ...load, ratePerSecond: Number(values.rate) });
  const underLoad = latencies.slice(warmUp);
  const alone = await runLoad({ requests: Math.ceil(requests * SEQUENTIAL_SHARE), warmUp: 50, concurrency: 1, operation });
  return {
    loaded,
    alone,
    queueWaitMs: distributionOf(underLoad.map((latency) => latency.queueWaitMs)),
    ownWorkMs: distributionOf(
      underLoad.map(({ actMs, assessMs, routerMs, articulateMs }) => actMs + assessMs + routerMs + articulateMs),
    ),
    modelMs: distributionOf(underLoad.map((latency) => latency.modelMs)),
  };
}

type Measured = Pick<PipelineReport, "pipeline" | "barePipe" | "barePipeInOneProcess">;
type BarePipeOutcome = NonNullable<PipelineReport["barePipe"]>;

async function measureBarePipe(natsUrl: string, layout: "processes" | "one-process"): Promise<BarePipeOutcome> {
  const pipe = await openBarePipe(natsUrl, layout);
  const body = new TextEncoder().encode(JSON.stringify(requestOf(0)));
  const operation = () => pipe.send(body);
  const loaded = await runLoad({ requests, warmUp, concurrency, operation, onProgress: showProgress(`bare pipe, ${layout}`) });
  const alone = await runLoad({ requests: Math.ceil(requests * SEQUENTIAL_SHARE), warmUp: 50, concurrency: 1, operation });
  await pipe.close();
  return { loaded, alone };
}

async function measureHere(): Promise<Measured> {
  const spans = await startSmallServer("span-sink");
  const delay = values["upstream-delay-ms"];
  const model = delay === undefined ? undefined : await startSmallServer("model-server", [delay]);
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: spans.url,
    ...(model
      ? {
          NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
          NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "benchmark-model",
        }
      : {}),
  };
  const pipeline = await startPipeline(environment);
  try {
    const client = await createClient({ natsUrl: pipeline.deployment.natsUrl });
    const measured = await measurePipeline(client);
    await client.close();
    // The services would take the bare pipe's messages: they stop first, the broker stays.
    for (const service of pipeline.deployment.processes) await service.stop();
    const { natsUrl } = pipeline.deployment;
    const barePipe = await measureBarePipe(natsUrl, "processes");
    return { pipeline: measured, barePipe, barePipeInOneProcess: await measureBarePipe(natsUrl, "one-process") };
  } finally {
    await pipeline.stop();
    model?.stop();
    spans.stop();
  }
}

async function measureThere(natsUrl: string): Promise<Measured> {
  const client = await createClient({ natsUrl });
  try {
    return { pipeline: await measurePipeline(client), barePipe: undefined, barePipeInOneProcess: undefined };
  } finally {
    await client.close();
  }
}

const measured = values["nats-url"] === undefined ? await measureHere() : await measureThere(values["nats-url"]);
const report: PipelineReport = {
  at: new Date().toISOString(),
  machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version },
  settings: {
    requests,
    warmUp,
    concurrency,
    ratePerSecond: values.rate === undefined ? null : Number(values.rate),
    requestBytes: Number(values["request-bytes"]),
    upstream:
      values["upstream-delay-ms"] === undefined ? "extractive, in process" : `model server, ${values["upstream-delay-ms"]} ms`,
    lanes: chosenLanes,
  },
  ...measured,
};
console.log(renderText(report));
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
if (values.markdown) writeFileSync(values.markdown, renderMarkdown(report));
process.exitCode = Object.keys(report.pipeline.loaded.errors).length > 0 ? 1 : 0;
