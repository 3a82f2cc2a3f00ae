// What a routing strategy, breakers, budgets and quotas cost: the pipeline without any, with what was chosen, and with configured
// quotas alone, in turn.
import { cpus } from "node:os";
import { someOf, wholeNumber } from "@nocp/cli/options/option-values.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { changeBudgets } from "@nocp/runtime/budgets/stored-budgets.ts";
import { openPlainBroker } from "./load/open-plain-broker.ts";
import { measureInTurns } from "./load/pipelines-in-turns.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { printReport } from "./reports/print-report.ts";
import { type RoutingReport, renderRoutingText } from "./reports/routing-report.ts";
import { type Pipeline, startPipeline } from "./servers/start-pipeline.ts";
import { startSmallServer } from "./servers/start-server.ts";

const features = ["strategy", "quotas", "breakers", "budgets"] as const;
type Feature = (typeof features)[number];
/** Configured quotas are measured by themselves: most deployments set none, and learn them. */
const usual: Feature[] = ["strategy", "breakers", "budgets"];

const options = readOptions(
  benchmarkCommand("routing")
    .option("--requests <count>", "measured requests of each form", wholeNumber(1), 6_000)
    .option("--rounds <count>", "the three take turns this often", wholeNumber(1), 10)
    .option("--warm-up <count>", "requests before them, not counted: until then V8 still compiles", wholeNumber(0), 3_000)
    .option("--features <list>", `of ${features.join(", ")}`, someOf(features), usual)
    .option("--concurrency <count>", "requests in flight", wholeNumber(1), 64)
    .option("--upstream-delay-ms <ms>", "the model's server answers after this time", wholeNumber(0), 1),
);
const { requests, rounds, warmUp, concurrency, upstreamDelayMs } = options;
const has = (feature: Feature): boolean => options.features.includes(feature);

const model = "benchmark-model";
const providers = ["first", "second", "third"] as const;
const question = "What is the launch code?";
/** Both name a price, so that both write the same bill. */
const serversAt = (url: string) =>
  JSON.stringify(
    Object.fromEntries(
      providers.map((name) => [name, { baseUrl: `${url}/v1`, model, inputUsdPerMillion: 1, outputUsdPerMillion: 10 }]),
    ),
  );

const requestWithout: NocpRequestInput = { query: question, routing: { provider: "first", model, cache: "off" } };
const requestWith: NocpRequestInput = {
  ...requestWithout,
  tags: ["benchmark"],
  ...(has("strategy")
    ? { routing: { candidates: providers.map((provider) => ({ provider, model })), strategy: "lowest-latency", cache: "off" } }
    : {}),
};

/** So much that nobody is refused: each call is counted and reserved for all the same. */
const quotas = JSON.stringify(
  Object.fromEntries(providers.map((name) => [name, { requestsPerMinute: 1e7, tokensPerMinute: 1e10 }])),
);

async function setBudgets({ deployment }: Pipeline): Promise<void> {
  const broker = await openPlainBroker(deployment.natsUrl);
  const shared = { soft: null, onSoft: "warn" } as const;
  await changeBudgets(broker, () => [
    { id: "dollars", scope: { tenant: "*" }, per: "day", unit: "usd", limit: 1e6, ...shared },
    { id: "requests", scope: { tenant: "*" }, per: "minute", unit: "requests", limit: 1e7, ...shared },
    { id: "tokens", scope: { tag: "*" }, per: "month", unit: "tokens", limit: 1e12, ...shared },
  ]);
  await broker.close();
}

async function measure(): Promise<RoutingReport["outcomes"]> {
  const upstream = await startSmallServer("model-server", [String(upstreamDelayMs)]);
  const spans = await startSmallServer("span-sink");
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: spans.url,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_SERVERS: serversAt(upstream.url),
  };
  const plain = { ...environment, NOCP_BREAKERS_ENABLED: "false" };
  const without = await startPipeline(plain);
  const limited = await startPipeline({ ...plain, NOCP_ROUTER_QUOTAS: quotas });
  const chosen = await startPipeline({
    ...environment,
    NOCP_BREAKERS_ENABLED: String(has("breakers")),
    ...(has("quotas") ? { NOCP_ROUTER_QUOTAS: quotas } : {}),
  });
  try {
    if (has("budgets")) await setBudgets(chosen);
    return await measureInTurns(
      [
        { name: "without", pipeline: without, request: requestWithout },
        { name: "with", pipeline: chosen, request: requestWith },
        { name: "quotas", pipeline: limited, request: requestWithout },
      ],
      { requests, rounds, warmUp, concurrency },
    );
  } finally {
    await Promise.all([without, chosen, limited].map((pipeline) => pipeline.stop()));
    spans.stop();
    upstream.stop();
  }
}

const report: RoutingReport = {
  at: new Date().toISOString(),
  machine: { cores: cpus().length, node: process.version },
  settings: { requests, rounds, warmUp, concurrency, upstreamDelayMs, features: options.features },
  outcomes: await measure(),
};
printReport(renderRoutingText(report), report, options.json);
const hasErrors = Object.values(report.outcomes).some(({ loaded }) => Object.keys(loaded.errors).length > 0);
process.exitCode = hasErrors ? 1 : 0;
