// Memory of every service after 10,000 and 50,000 requests: it must stay small, and stop growing.
import { wholeNumber } from "@nocp/cli/options/option-values.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ProcessRole } from "@nocp/contracts/topology.ts";
import { residentBytes } from "./load/resident-memory.ts";
import { runLoad } from "./load/run-load.ts";
import { showProgress } from "./load/show-progress.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { printReport } from "./reports/print-report.ts";
import { startPipeline } from "./servers/start-pipeline.ts";
import { startSmallServer } from "./servers/start-server.ts";

const { first, last, concurrency, json } = readOptions(
  benchmarkCommand("memory")
    .option("--first <count>", "requests before the first look", wholeNumber(1), 10_000)
    .option("--last <count>", "requests before the last look", wholeNumber(1), 50_000)
    .option("--concurrency <count>", "requests in flight", wholeNumber(1), 64),
);
if (last < first) throw new NocpError("USAGE", `--last (${last}) must not be smaller than --first (${first})`);
const MiB = 1024 * 1024;
const limit = 200 * 1_000_000;
const maxGrowth = 1.1;
/** Resident memory moves with the garbage collector: the lowest of several looks is what is kept. */
const looks = 10;
const betweenLooksMs = 500;

const spans = await startSmallServer("span-sink");
const pipeline = await startPipeline({ OTEL_EXPORTER_OTLP_ENDPOINT: spans.url });
const client = await createClient({ natsUrl: pipeline.deployment.natsUrl });

async function look(): Promise<Map<ProcessRole, number>> {
  const lowest = new Map<ProcessRole, number>();
  for (let index = 0; index < looks; index++) {
    for (const { service, pid } of pipeline.deployment.processes) {
      if (pid !== undefined) lowest.set(service, Math.min(lowest.get(service) ?? Number.POSITIVE_INFINITY, residentBytes(pid)));
    }
    await new Promise((resolve) => setTimeout(resolve, betweenLooksMs));
  }
  return lowest;
}

async function send(requests: number): Promise<void> {
  const text = "The launch code is 4711. Nothing else is known about it, and nobody asks. ".repeat(8);
  const outcome = await runLoad({
    requests,
    warmUp: 0,
    concurrency,
    operation: async (index) => {
      await client.ask({
        query: `What is the launch code in case ${index}?`,
        documents: [{ title: `Case ${index}`, text: `${text} ${index}` }],
      });
    },
    onProgress: showProgress("requests"),
  });
  if (Object.keys(outcome.errors).length > 0) console.error("errors:", outcome.errors);
}

try {
  await send(first);
  const early = await look();
  await send(last - first);
  const late = await look();
  const rows = [...late].map(([service, bytes]) => {
    const before = early.get(service) ?? 0;
    return {
      service,
      first: before,
      last: bytes,
      growth: bytes / before,
      met: bytes < limit && before < limit && bytes / before <= maxGrowth,
    };
  });
  const lines = rows.map((row) => {
    const cells = [
      row.service.padEnd(14),
      (row.first / MiB).toFixed(0).padStart(5),
      (row.last / MiB).toFixed(0).padStart(5),
      row.growth.toFixed(2),
    ];
    return `${cells.join("  ")}  ${row.met ? "met" : "MISSED"}`;
  });
  const title = `resident memory in MiB after ${first} and ${last} requests (under ${Math.round(limit / MiB)}, growth at most ${maxGrowth})`;
  printReport([title, ...lines].join("\n"), { firstRequests: first, lastRequests: last, services: rows }, json);
} finally {
  await client.close();
  await pipeline.stop();
  spans.stop();
}
