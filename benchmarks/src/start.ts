// How long it takes from `./nocp up` to ready, and from SIGTERM to exit when idle.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { wholeNumber } from "@nocp/cli/options/option-values.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { printReport } from "./reports/print-report.ts";
import { projectRoot } from "./servers/start-pipeline.ts";

const { rounds: roundCount, json } = readOptions(
  benchmarkCommand("start").option("--rounds <count>", "how often to start and stop", wholeNumber(1), 5),
);
const startLimitMs = 3000;
const stopLimitMs = 1000;

const rounds: { startMs: number; stopMs: number }[] = [];
for (let round = 1; round <= roundCount; round++) {
  const startedAt = performance.now();
  const child = spawn(join(projectRoot, "nocp"), ["up"], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  await Promise.race([
    untilReady([child.stdout, child.stderr]),
    exited.then(() => Promise.reject(new Error("./nocp up ended before it was ready"))),
  ]);
  const startMs = performance.now() - startedAt;
  const stoppedAt = performance.now();
  child.kill("SIGTERM");
  await exited;
  const stopMs = performance.now() - stoppedAt;
  rounds.push({ startMs, stopMs });
  console.error(`round ${round}: ready after ${startMs.toFixed(0)} ms, stopped after ${stopMs.toFixed(0)} ms`);
}
const median = (numbers: number[]) => numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? 0;
const startMs = median(rounds.map((round) => round.startMs));
const stopMs = median(rounds.map((round) => round.stopMs));
const verdict = (met: boolean) => (met ? "met" : "MISSED");
const text = [
  `median: ready after ${startMs.toFixed(0)} ms (under ${startLimitMs} ${verdict(startMs < startLimitMs)})`,
  `median: stopped after ${stopMs.toFixed(0)} ms (under ${stopLimitMs} ${verdict(stopMs < stopLimitMs)})`,
].join("\n");
printReport(text, { rounds, startMs, stopMs }, json);

/** Resolves at the line that says so. */
async function untilReady(streams: readonly NodeJS.ReadableStream[]): Promise<void> {
  await Promise.race(
    streams.map(async (input) => {
      for await (const line of createInterface({ input })) if (line.includes("ready in")) return;
      await new Promise(() => {});
    }),
  );
}
