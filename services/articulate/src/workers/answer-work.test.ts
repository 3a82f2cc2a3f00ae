// A worker thread makes the same of an answer as the main thread, which keeps what is small and quickly checked.

import { largeSize } from "@nocp/runtime/workers/work-size.ts";
import { createWorkerPool, WorkerCrashed, type WorkerPool } from "@nocp/runtime/workers/worker-pool.ts";
import { afterAll, describe, expect, test } from "vitest";
import { completionReceived } from "../../../../test/fixtures/completion-example.ts";
import type { GivenAnswer } from "../answer-of-completion.ts";
import { loadAnswerDependencies } from "./answer-tasks.ts";
import { answerWorkHere, pooledAnswerWork } from "./answer-work.ts";

const settings = { schemas: { maxBytes: 100_000, cacheSize: 8, timeoutMs: 300 }, maxComparedBytes: 10_000_000 };
const pool = createWorkerPool({ script: new URL("./answer-worker.ts", import.meta.url), size: 1, workerData: settings });
afterAll(() => pool.close());
const quick = await loadAnswerDependencies({
  ...settings,
  schemas: { ...settings.schemas, timeoutMs: 100, throwsTimeLimit: true },
});
const here = answerWorkHere(await loadAnswerDependencies(settings));
const pooled = pooledAnswerWork(quick, pool);
const unused: WorkerPool = { run: () => Promise.reject(new Error("the pool was asked")), close: async () => undefined };
const without = pooledAnswerWork(quick, unused);

const signal = new AbortController().signal;
const { completion, request } = completionReceived("Paris.");
const given = (text: string, context = "", schema?: GivenAnswer["output"]["schema"]): GivenAnswer => ({
  completion: { ...completion, text },
  context,
  output: schema === undefined ? request.output : { ...request.output, schema },
});
const rows = JSON.stringify(Array.from({ length: 4_000 }, (_, id) => ({ id, city: `City ${id}`, open: id % 2 === 0 })));
const prose = "The bridge of Lisbon was built in 1966. ".repeat(largeSize / 40);
/** Backtracks for ever. */
const endless = { type: "string", pattern: "^(a+)+$" };
const almost = JSON.stringify(`${"a".repeat(60)}!`);

test.each<[string, GivenAnswer]>([
  ["a table", given(rows)],
  ["prose", given(prose)],
  ["an answer with a large context", given("It was built in 1966, in Oslo.", prose)],
  ["an answer that matches its schema", given(rows, "", { type: "array", items: { type: "object" } })],
  ["one that does not", given(rows, prose, { type: "object" })],
  ["numbers that keep their digits", given(`[12345678901234567890123, ${rows.slice(1)}`)],
])("the same comes out of %s", async (_what, answer) => {
  expect(await pooled.answerOf(answer, signal)).toEqual(await here.answerOf(answer, signal));
});

describe("the main thread", () => {
  test("keeps what is small", async () => {
    expect(await without.answerOf(given("Paris.", "Paris is in France."), signal)).toMatchObject({ text: "Paris." });
    const small = given('{"city":"Paris"}', "", { type: "object", properties: { city: { type: "string" } } });
    expect(await without.answerOf(small, signal)).toMatchObject({ schemaSatisfied: true });
    for (const large of [given(rows), given("Paris.", prose)]) {
      await expect(without.answerOf(large, signal)).rejects.toThrow("the pool was asked");
    }
  });

  test("leaves an answer to the pool that takes long to check, where it is refused in the end", async () => {
    await expect(without.answerOf(given(almost, "", endless), signal)).rejects.toThrow("the pool was asked");
    const refused = await pooled.answerOf(given(almost, "", endless), signal);
    expect(refused).toMatchObject({ error: { code: "INVALID_OUTPUT_SCHEMA", message: expect.stringContaining("300 ms") } });
  });

  test("shapes an answer whose thread crashed", async () => {
    const crashing: WorkerPool = { ...unused, run: () => Promise.reject(new WorkerCrashed("it needs more memory")) };
    expect(await pooledAnswerWork(quick, crashing).answerOf(given(prose), signal)).toMatchObject({ text: prose });
  });
});
