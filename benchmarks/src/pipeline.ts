// The whole pipeline under load, against the bare pipe measured in the same run: throughput, latency, queue wait.
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { numberFrom, someOf, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import type { Latency } from "@nocp/contracts/result.ts";
import { type Lane, lanes } from "@nocp/contracts/topology.ts";
import { openBarePipe } from "./load/bare-pipe.ts";
import { distributionOf } from "./load/percentiles.ts";
import { createProcessorTime, type ProcessorTime } from "./load/processor-time.ts";
import { type LoadRun, outcomeOf, runLoad } from "./load/run-load.ts";
import { showProgress } from "./load/show-progress.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { type PipelineReport, renderMarkdown, renderText } from "./reports/pipeline-report.ts";
import { printReport } from "./reports/print-report.ts";
import { canSync, startPipeline } from "./servers/start-pipeline.ts";
import { startSmallServer } from "./servers/start-server.ts";

const options = readOptions(
  benchmarkCommand("pipeline")
    .option("--requests <count>", "measured requests; three times as many of the bare pipe", wholeNumber(1), 10_000)
    .option("--rounds <count>", "pipeline and bare pipes take turns this often", wholeNumber(1), 5)
    .option("--warm-up <count>", "requests before them, not counted: until then V8 still compiles", wholeNumber(0), 20_000)
    .option("--concurrency <count>", "requests in flight", wholeNumber(1), 64)
    .option("--rate <count>", "send this many requests per second instead, however many are in flight", numberFrom(0.1))
    .option("--request-bytes <count>", "size of each request's document", wholeNumber(1), 500)
    .option(
      "--upstream-delay-ms <ms>",
      "the upstream is a model server over HTTP that answers after this time",
      wholeNumber(0),
      1,
    )
    .option(
      "--static",
      "call the built-in static provider instead, in the router's process (with --nats-url set NOCP_PROVIDERS_STATIC_TEXT in the deployment)",
    )
    .option("--provider <name>", "call this provider instead, e.g. extractive, or one that the deployment has")
    .option("--lanes <list>", "interactive, batch or both, in turn", someOf(lanes), ["interactive" as const])
    .option("--nats-url <url>", "use a running deployment instead of starting one (then without the bare pipe)")
    .option("--markdown <file>", "write the report as Markdown"),
);
const { requests, rounds, warmUp, concurrency, rate, requestBytes } = options;
const usesStatic = options.static === true || options.natsUrl !== undefined;
const upstreamDelayMs = usesStatic || options.provider !== undefined ? undefined : options.upstreamDelayMs;
const provider = options.provider ?? (usesStatic ? "static" : "openai-compatible");
const chosenLanes: readonly Lane[] = options.lanes;
const filler = "The quick brown fox jumps over the lazy dog, and the dog does not mind. ";
const text = `The launch code is 4711. ${filler.repeat(Math.ceil(requestBytes / filler.length))}`.slice(0, requestBytes);
/** How many requests one after the other stand for latency without load. */
const sequentialShare = 0.2;

const requestOf = (index: number): NocpRequestInput => ({
  query: "What is the launch code?",
  documents: [{ title: "Notes", text }],
  lane: chosenLanes[index % chosenLanes.length] ?? "interactive",
  routing: { provider, cache: "off" },
});

type Measured = Pick<PipelineReport, "pipeline" | "barePipe" | "barePipeOnClient" | "barePipeInOneProcess" | "synced">;

/** Something to put load on, measured in several short rounds so that a busy moment of the machine hits all alike. */
interface Subject {
  readonly name: string;
  readonly operation: () => Promise<void>;
  /** Of the requests of a round, so that a round takes about as long for all. */
  readonly weight: number;
  readonly ratePerSecond?: number;
  readonly loaded: LoadRun[];
  readonly alone: LoadRun[];
  /** Watches the processes behind it while it is under load. */
  readonly processorTime?: ProcessorTime;
}

/** The bare pipe is some three times as fast. */
const bareWeight = 3;

const subjectOf = (name: string, operation: () => Promise<void>, weight: number, ratePerSecond?: number): Subject => ({
  name,
  operation,
  weight,
  ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  loaded: [],
  alone: [],
});

async function measureRound(subject: Subject, round: number): Promise<void> {
  const { name, operation, weight, loaded, alone, ratePerSecond, processorTime } = subject;
  // The first round has the warm-up.
  const watches = round > 1 || rounds === 1;
  if (watches) await processorTime?.begin();
  const share = Math.ceil((requests * weight) / rounds);
  loaded.push(
    await runLoad({
      requests: share,
      warmUp: round === 1 ? warmUp : 0,
      concurrency,
      operation,
      ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
      onProgress: showProgress(`${name}, round ${round} of ${rounds}`),
      onWarmUpProgress: showProgress(`${name}, warm-up`),
    }),
  );
  if (watches) await processorTime?.end(share);
  alone.push(
    await runLoad({ requests: Math.ceil(share * sequentialShare), warmUp: round === 1 ? 50 : 0, concurrency: 1, operation }),
  );
}

async function measureRounds(subjects: readonly Subject[]): Promise<void> {
  for (let round = 1; round <= rounds; round++) for (const subject of subjects) await measureRound(subject, round);
}

const outcomesOf = ({ loaded, alone }: Subject) => ({ loaded: outcomeOf(loaded), alone: outcomeOf(alone) });

/** The pipeline as a subject, and what its results said about their time. */
function pipelineSubject(
  client: Client,
  name = "pipeline",
  processorTime?: ProcessorTime,
): { subject: Subject; outcome: () => PipelineReport["pipeline"] } {
  const latencies: Latency[] = [];
  let sent = 0;
  const measuredSubject = subjectOf(
    name,
    async () => {
      const result = await client.ask(requestOf(sent++), { timeoutMs: 60_000 });
      if (result.status === "failed") throw Object.assign(new Error("failed"), { code: result.error?.code ?? "failed" });
      latencies.push(result.latency);
    },
    1,
    rate,
  );
  const subject: Subject = { ...measuredSubject, ...(processorTime ? { processorTime } : {}) };
  return {
    subject,
    outcome: () => {
      const measuredOnes = latencies.slice(warmUp);
      return {
        ...outcomesOf(subject),
        queueWaitMs: distributionOf(measuredOnes.map((latency) => latency.queueWaitMs)),
        ownWorkMs: distributionOf(
          measuredOnes.map(({ stageMs }) => Object.values(stageMs).reduce((sum, workMs) => sum + workMs, 0)),
        ),
        modelMs: distributionOf(measuredOnes.map((latency) => latency.modelMs)),
        processorMs: processorTime?.perRequestMs() ?? {},
      };
    },
  };
}

async function measureHere(): Promise<Measured> {
  const spans = await startSmallServer("span-sink");
  const model = upstreamDelayMs === undefined ? undefined : await startSmallServer("model-server", [String(upstreamDelayMs)]);
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: spans.url,
    NOCP_PROVIDERS_STATIC_TEXT: "The launch code is 4711.",
    ...(model
      ? {
          NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
          NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "benchmark-model",
        }
      : {}),
  };
  const pipeline = await startPipeline(environment);
  const syncs = canSync();
  const syncedOnes = syncs
    ? [await startPipeline(environment, { syncAlways: true }), await startPipeline({}, { services: [], syncAlways: true })]
    : [];
  // Brokers of their own: on the pipeline's, its services would take the bare pipes' messages.
  const brokers = [
    await startPipeline({}, { services: [] }),
    await startPipeline({}, { services: [] }),
    await startPipeline({}, { services: [] }),
  ] as const;
  try {
    const client = await createClient({ natsUrl: pipeline.deployment.natsUrl });
    const separate = await openBarePipe(brokers[0].deployment.natsUrl, "processes", "pull-loop");
    const consuming = await openBarePipe(brokers[1].deployment.natsUrl, "processes", "client");
    const together = await openBarePipe(brokers[2].deployment.natsUrl, "one-process", "pull-loop");
    const body = new TextEncoder().encode(JSON.stringify(requestOf(0)));
    const whole = pipelineSubject(client, "pipeline", createProcessorTime(pipeline.deployment.processes));
    const bare = subjectOf("bare pipe", () => separate.send(body), bareWeight);
    const bareOnClient = subjectOf("bare pipe on the client's consume()", () => consuming.send(body), bareWeight);
    const bareInOneProcess = subjectOf("bare pipe in one process", () => together.send(body), bareWeight);
    const synced = await openSynced(
      syncedOnes.map(({ deployment }) => deployment.natsUrl),
      body,
    );
    await measureRounds([whole.subject, bare, bareOnClient, bareInOneProcess, ...(synced?.subjects ?? [])]);
    await Promise.all([client.close(), separate.close(), consuming.close(), together.close(), synced?.close()]);
    return {
      pipeline: whole.outcome(),
      barePipe: outcomesOf(bare),
      barePipeOnClient: outcomesOf(bareOnClient),
      barePipeInOneProcess: outcomesOf(bareInOneProcess),
      synced: synced?.outcome(),
    };
  } finally {
    await Promise.all([pipeline, ...brokers, ...syncedOnes].map(({ stop }) => stop()));
    model?.stop();
    spans.stop();
  }
}

/** Pipeline and bare pipe on servers that sync every write. @returns `undefined` where the server cannot. */
async function openSynced([pipelineUrl, bareUrl]: readonly string[], body: Uint8Array) {
  if (pipelineUrl === undefined || bareUrl === undefined) return undefined;
  const client = await createClient({ natsUrl: pipelineUrl });
  const pipe = await openBarePipe(bareUrl, "processes", "pull-loop");
  const whole = pipelineSubject(client, "pipeline, every write synced");
  const bare = subjectOf("bare pipe, every write synced", () => pipe.send(body), 1);
  return {
    subjects: [whole.subject, bare],
    outcome: () => ({ pipeline: outcomesOf(whole.subject), barePipe: outcomesOf(bare) }),
    close: async () => void (await Promise.all([client.close(), pipe.close()])),
  };
}

async function measureThere(natsUrl: string): Promise<Measured> {
  const client = await createClient({ natsUrl });
  try {
    const whole = pipelineSubject(client);
    await measureRounds([whole.subject]);
    return {
      pipeline: whole.outcome(),
      barePipe: undefined,
      barePipeOnClient: undefined,
      barePipeInOneProcess: undefined,
      synced: undefined,
    };
  } finally {
    await client.close();
  }
}

const measured = options.natsUrl === undefined ? await measureHere() : await measureThere(options.natsUrl);
const report: PipelineReport = {
  at: new Date().toISOString(),
  machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version },
  settings: {
    requests,
    warmUp,
    concurrency,
    ratePerSecond: rate ?? null,
    requestBytes,
    upstream: upstreamDelayMs === undefined ? `${provider}, in process` : `model server, ${upstreamDelayMs} ms`,
    lanes: chosenLanes,
  },
  ...measured,
};
printReport(renderText(report), report, options.json);
if (options.markdown) writeFileSync(options.markdown, renderMarkdown(report));
process.exitCode = Object.keys(report.pipeline.loaded.errors).length > 0 ? 1 : 0;
