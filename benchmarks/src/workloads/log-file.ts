// A log as a tool returns it: a few kinds of lines with changing values.
import type { Random } from "./random.ts";

const lines: readonly ((random: Random) => string)[] = [
  (random) =>
    `INFO  http request id=${random.hex(12)} method=GET path=/v1/orders/${random.digits(6)} status=200 took=${random.integer(2, 90)}ms`,
  (random) => `INFO  http request id=${random.hex(12)} method=POST path=/v1/orders status=201 took=${random.integer(9, 190)}ms`,
  (random) => `DEBUG cache miss key=product:${random.digits(6)} tier=2 after ${random.integer(1, 30)} ms`,
  (random) => `WARN  pool connection ${random.integer(1, 64)} was idle for ${random.integer(60, 900)} s and is closed`,
  (random) => `INFO  job nightly-export wrote ${random.integer(100, 9000)} rows to part-${random.digits(4)}.parquet`,
  (random) =>
    `ERROR payment ${random.hex(10)} failed: gateway answered ${random.pick(["502", "503", "timeout"])}, attempt ${random.integer(1, 5)}`,
];

/** @returns `count` lines, a second or so apart. */
export function createLog(count: number, random: Random): string {
  let at = Date.UTC(2026, 5, 1);
  return Array.from({ length: count }, () => {
    at += random.integer(20, 2000);
    return `${new Date(at).toISOString()} ${random.pick(lines)(random)}`;
  }).join("\n");
}

/** @returns `count` lines of a scheduler, a second apart, from two templates; no tenant comes twice. */
export function createTemplatedLog(count: number, random: Random): string {
  return Array.from({ length: count }, (_, at) => {
    const time = new Date(Date.UTC(2026, 5, 1, 10) + at * 1000).toISOString().replace(".000", "");
    return random.integer(0, 1) === 0
      ? `${time} INFO scheduler: worker ${random.integer(0, 7)} finished the nightly import of tenant ${random.hex(2)}${at} after ${random.integer(1, 900)} ms`
      : `${time} WARN scheduler: the queue of the nightly import holds ${random.integer(1, 900)} jobs, which is more than it should`;
  }).join("\n");
}
