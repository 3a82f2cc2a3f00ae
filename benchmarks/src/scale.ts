// What a rate of requests takes in replicas, brokers and dollars: a simulator, calibrated on one replica and checked on more.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { numberFrom, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { startNatsCluster } from "../../test/servers/nats-cluster.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { printReport } from "./reports/print-report.ts";
import { type CheckedRun, renderScale, type ScaleReport } from "./reports/scale-report.ts";
import { calibrate, predictedRate } from "./scale/calibrate.ts";
import { measureStore, type StoreTimes } from "./scale/measure-broker.ts";
import { measureReplicas, type ReplicaRun } from "./scale/measure-replicas.ts";
import { messagesPerRequest, planDeployment, usualPrices } from "./scale/plan-deployment.ts";
import { type PipelineCosts, simulatePipeline } from "./scale/simulate-pipeline.ts";
import { startPipeline } from "./servers/start-pipeline.ts";

const options = readOptions(
  benchmarkCommand("scale")
    .option("--concurrency <count>", "slots of a replica of llm-router while measuring", wholeNumber(1), 8)
    .option("--upstream-delay-ms <ms>", "latency of the model while measuring", wholeNumber(1), 300)
    .option("--requests-per-slot <count>", "measured requests for each slot", wholeNumber(4), 30)
    .option("--costs <file>", "do not measure: take the costs of an earlier report (--json)")
    .option("--model-median-ms <ms>", "median latency of the models that are planned for", numberFrom(1), 1_500)
    .option(
      "--model-spread <sigma>",
      "standard deviation of its logarithm; 0.8 makes the 95th percentile 3.7 times the median",
      numberFrom(0),
      0.8,
    )
    .option("--model-usd <dollars>", "what the models cost for a request", numberFrom(0), 0.002)
    .option("--message-bytes <count>", "size of a request in the queue", wholeNumber(1), 8_000),
);
const rates = [10, 1_000, 100_000] as const;
const plannedConcurrency = 64;
const cores = cpus().length;
const measuredMessages = 2_000;

const runOf = (routers: number, broker?: ReplicaRun["broker"]): ReplicaRun => ({
  routers,
  concurrency: options.concurrency,
  upstreamMs: options.upstreamDelayMs,
  inFlightPerSlot: 3,
  requestsPerSlot: options.requestsPerSlot,
  syncAlways: broker === undefined,
  ...(broker ? { broker } : {}),
});

const busyRun: ReplicaRun = { ...runOf(1), concurrency: 64, upstreamMs: 1, inFlightPerSlot: 1, requestsPerSlot: 80 };

interface Measured {
  /** While services mostly wait; the checks rest on them. */
  readonly costs: PipelineCosts;
  /** The same with what processors do for a request when they are busy, which is less: what is planned with. */
  readonly planned: PipelineCosts;
  readonly observabilityMs: number;
  readonly store: StoreTimes;
  readonly checks: readonly CheckedRun[];
}

/** What is measured now; it takes minutes. */
const tell = (what: string): void => void process.stderr.write(`${what}\n`);

async function measureHere(): Promise<Measured> {
  tell("the broker alone");
  const bare = await startPipeline({}, { services: [], syncAlways: true });
  const store = await measureStore(bare.deployment.natsUrl, 1, measuredMessages).finally(bare.stop);
  const first = runOf(1);
  tell("1 replica");
  const measured = await measureReplicas(first);
  const costs = calibrate(measured, store, first, cores);
  const checks: CheckedRun[] = [
    {
      what: "1 replica of llm-router (calibration)",
      predicted: predictedRate(costs, first, cores),
      measured: measured.requestsPerSecond,
    },
  ];
  for (const routers of [2, 4]) {
    const run = runOf(routers);
    tell(`${routers} replicas`);
    const { requestsPerSecond } = await measureReplicas(run);
    checks.push({ what: `${routers} replicas`, predicted: predictedRate(costs, run, cores), measured: requestsPerSecond });
  }
  checks.push(await checkCluster(costs));
  tell("a model that answers at once");
  const busy = await measureReplicas(busyRun);
  const planned = { ...costs, stageMs: busy.stageMs, brokerMs: busy.brokerMs / messagesPerRequest };
  return { costs, planned, observabilityMs: busy.observabilityMs, store, checks };
}

/** Three brokers store three copies of everything, and a message waits for two of them. */
async function checkCluster(costs: PipelineCosts): Promise<CheckedRun> {
  tell("three brokers");
  const cluster = await startNatsCluster();
  try {
    const { replicas, url } = cluster;
    const store = await measureStore(url, replicas, measuredMessages);
    const run = runOf(2, { url, replicas, processIds: cluster.processIds() });
    const { requestsPerSecond } = await measureReplicas(run);
    const inCluster = { ...costs, brokerMs: costs.brokerMs * replicas, storeMs: store.storeMs };
    const predicted = predictedRate(inCluster, run, cores, store.aloneMs);
    return { what: "2 replicas, three brokers", predicted, measured: requestsPerSecond };
  } finally {
    await cluster.stop();
  }
}

const earlier = (file: string): Measured => {
  const { costs, planned, observabilityMs, store, checks } = JSON.parse(readFileSync(file, "utf8")) as ScaleReport;
  return { costs, planned, observabilityMs, store, checks };
};

const measured = options.costs === undefined ? await measureHere() : earlier(options.costs);
const upstream = { medianMs: options.modelMedianMs, spread: options.modelSpread };
const wishes = {
  upstream,
  concurrency: plannedConcurrency,
  messageBytes: options.messageBytes,
  modelUsd: options.modelUsd,
  prices: usualPrices,
};
const plans = rates.map((ratePerSecond) =>
  planDeployment(measured.planned, measured.observabilityMs, { ...wishes, ratePerSecond }),
);

/** Of a plan's first thousandth part, or the whole of a small one: what its callers wait beside the model. */
const simulateFrom = (quorumMs: number, handoverMs = 0) => {
  const [, plan = plans[0]!] = plans;
  const shape = {
    replicas: plan.replicas,
    concurrency: plannedConcurrency,
    brokerCores: 4 * plan.brokers,
    partitions: plan.partitions,
    quorumMs,
  };
  const costs = { ...measured.planned, handoverMs: measured.planned.handoverMs + handoverMs };
  return simulatePipeline(costs, shape, upstream, { ratePerSecond: plan.ratePerSecond, requests: 20_000 });
};
const acrossRegionsMs = 60;
const report: ScaleReport = {
  at: new Date().toISOString(),
  machine: { cores, node: process.version },
  settings: { ...wishes, measuredConcurrency: options.concurrency, measuredUpstreamMs: options.upstreamDelayMs },
  ...measured,
  plans,
  placements: [
    { what: "brokers in one region", outcome: simulateFrom(1) },
    { what: "a stage's services behind a leaf node, one round trip away", outcome: simulateFrom(1, acrossRegionsMs) },
    { what: "copies of the streams in several regions", outcome: simulateFrom(acrossRegionsMs, acrossRegionsMs) },
  ],
};
printReport(renderScale(report), report, options.json);
