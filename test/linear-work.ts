// Whether reading takes work in proportion to its input, however busy the machine is.
import { expect } from "vitest";

/** Four times the input may take eight times the work, and some for collecting garbage; quadratic work takes sixteen. */
const growth = { inputs: 4, factor: 8, slackMs: 60 };

/** A compilation or a garbage collection may fall into one measurement; it does not fall into all of them. */
const maxMeasurements = 6;

/**
 * Fails if `read` takes clearly more than linear work from `length` to four times `length`.
 * Work is this process's processor time, the least of several measurements of each length.
 */
export async function expectLinearWork(read: (length: number) => unknown, length: number): Promise<void> {
  await read(Math.ceil(length / 20));
  let short = Number.POSITIVE_INFINITY;
  let long = Number.POSITIVE_INFINITY;
  for (let at = 0; at < maxMeasurements; at++) {
    short = Math.min(short, await workMs(() => read(length)));
    long = Math.min(long, await workMs(() => read(growth.inputs * length)));
    if (long < growth.factor * short + growth.slackMs) return;
  }
  expect(long, "processor time for four times the input").toBeLessThan(growth.factor * short + growth.slackMs);
}

/** The processor time that it takes of this process, in milliseconds. */
export async function workMs(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
