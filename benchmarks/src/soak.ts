// Memory, open files, sockets and handles of every process under a long mixed load: after some minutes they must not grow.
import { cpus } from "node:os";
import { setTimeout } from "node:timers/promises";
import { numberFrom, wholeNumber } from "@nocp/cli/options/option-values.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createMixedCalls } from "./load/mixed-calls.ts";
import { type ProcessResources, readProcessResources } from "./load/process-resources.ts";
import { type LoadRun, runLoad } from "./load/run-load.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { printReport } from "./reports/print-report.ts";
import { growthOf, lookLine, renderSoakText, type SoakLook, type SoakReport } from "./reports/soak-report.ts";
import { startPipeline } from "./servers/start-pipeline.ts";
import { startSmallServer } from "./servers/start-server.ts";

const { minutes, settleMinutes, concurrency, pauseMs, json } = readOptions(
  benchmarkCommand("soak")
    .option("--minutes <minutes>", "how long the load lasts", numberFrom(0.5), 30)
    .option("--settle-minutes <minutes>", "growth counts from then on", numberFrom(0), 5)
    .option("--concurrency <count>", "callers at a time", wholeNumber(1), 8)
    .option("--pause-ms <ms>", "each caller waits so long between two calls", wholeNumber(0), 20),
);
if (minutes < settleMinutes + 2)
  throw new NocpError("USAGE", `--minutes (${minutes}) must exceed --settle-minutes (${settleMinutes}) by 2`);
const minuteMs = 60_000;
const lookEveryMs = 5_000;
const upstreamDelayMs = 40;
const model = "benchmark-model";
/** A batch is as much work as ten calls. */
const callsPerBatch = 50;

const upstream = await startSmallServer("model-server", [String(upstreamDelayMs)]);
const { deployment, stop } = await startPipeline({
  NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${upstream.url}/v1`,
  NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: model,
});
const looks: SoakLook[] = [];
const startedAt = performance.now();

async function look(): Promise<void> {
  const processes: Record<string, ProcessResources> = {};
  for (const { service, pid, httpUrl } of deployment.processes)
    if (pid !== undefined) processes[service] = await readProcessResources(pid, httpUrl);
  looks.push({ minute: (performance.now() - startedAt) / minuteMs, processes });
}

/** Looks again and again until the load has ended, and says now and then what it sees. */
async function watch(ended: AbortSignal): Promise<void> {
  let saidMinute = 0;
  while (!ended.aborted) {
    await look();
    const last = looks.at(-1);
    if (last !== undefined && Math.floor(last.minute) > saidMinute) {
      saidMinute = Math.floor(last.minute);
      console.error(lookLine(last));
    }
    await setTimeout(lookEveryMs, undefined, { signal: ended }).catch(() => undefined);
  }
}

async function load(): Promise<LoadRun> {
  const [gatewayUrl = ""] = deployment.gatewayUrls;
  const { batch, ...calls } = createMixedCalls(gatewayUrl, `openai-compatible/${model}`, upstreamDelayMs / 2);
  const kinds = Object.entries(calls);
  const operation = async (index: number): Promise<void> => {
    const [name, call] = kinds[index % kinds.length] ?? [];
    if (batch && index % callsPerBatch === 0) await inContext("batch", batch(index));
    else if (name && call) await inContext(name, call(index));
    await setTimeout(pauseMs);
  };
  return runLoad({ requests: Number.MAX_SAFE_INTEGER, durationMs: minutes * minuteMs, warmUp: 0, concurrency, operation });
}

/** Errors are counted by what failed; the first of a kind is shown. */
const shown = new Set<string>();
async function inContext(name: string, call: Promise<void>): Promise<void> {
  await call.catch((error: Error & { readonly code?: string }) => {
    const code = `${name}: ${error.code ?? error.name}`;
    if (!shown.has(code)) console.error(`${code}: ${error.message.slice(0, 300)}`);
    shown.add(code);
    throw Object.assign(new Error(error.message), { code });
  });
}

try {
  const ended = new AbortController();
  const watching = watch(ended.signal);
  const { latenciesMs, errors } = await load();
  ended.abort();
  await watching;
  const report: SoakReport = {
    at: new Date().toISOString(),
    machine: { cores: cpus().length, node: process.version },
    settings: { minutes, settleMinutes, concurrency, pauseMs },
    calls: { succeeded: latenciesMs.length, errors },
    growth: growthOf(looks, settleMinutes, minutes),
    looks,
  };
  printReport(renderSoakText(report), report, json);
  process.exitCode = report.growth.every(({ met }) => met) && Object.keys(errors).length === 0 ? 0 : 1;
} finally {
  await stop();
  upstream.stop();
}
