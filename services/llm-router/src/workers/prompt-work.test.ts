// A worker thread makes the same of a prompt as the main thread, which keeps what is small.
import type { Prompt } from "@nocp/contracts/prompt.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { largeSize } from "@nocp/runtime/workers/work-size.ts";
import { createWorkerPool, WorkerCrashed, type WorkerPool } from "@nocp/runtime/workers/worker-pool.ts";
import { afterAll, describe, expect, test } from "vitest";
import { promptOf } from "../../../../test/fixtures/llm-router-fixtures.ts";
import { pooledPromptWork, promptWorkHere } from "./prompt-work.ts";

const limits = { maxBytes: 10_000_000, cacheSize: 8, timeoutMs: 60_000 };
const pool = createWorkerPool({ script: new URL("./prompt-worker.ts", import.meta.url), size: 1, workerData: limits });
afterAll(() => pool.close());
const here = promptWorkHere(limits);
const pooled = pooledPromptWork(limits, pool);
const unused: WorkerPool = { run: () => Promise.reject(new Error("the pool was asked")), close: async () => undefined };
const without = pooledPromptWork(limits, unused);

const signal = new AbortController().signal;
const question = "Where is the treasure of Captain Vane?";
const answer = "The treasure of Captain Vane lies under the lighthouse.";
const filler = (size: number) => "Entry 7 tells of fields, rivers and weather.\n".repeat(Math.ceil(size / 45));
const large = promptOf(question, { context: `${filler(largeSize)}${answer}\n${filler(largeSize)}` });
const small = promptOf(question, { context: answer });
const record = promptOf("Which port has harbour AB-9?", { context: `{"harbour":"AB-9","port":4711}\n\n${filler(largeSize)}` });
const portSchema = { type: "object", properties: { port: { type: "integer" } }, required: ["port"] };
const reductionOf = (prompt: Prompt, model: string) => ({
  ...{ prompt, mustCall: false, inputTokens: 60_000, maxOutputTokens: 500, windowTokens: 8_000 },
  counter: createTokenCounter(model, () => ({ factor: 1.3, samples: 9 })),
});

describe("the same comes out", () => {
  test("of an extract", async () => {
    const extract = await pooled.answerPrompt({ prompt: large }, signal);
    expect(extract).toEqual(await here.answerPrompt({ prompt: large }, signal));
    expect(extract.text).toContain("under the lighthouse");
  });

  test("of a schema that is filled, or cannot be", async () => {
    const call = { prompt: record, outputSchema: portSchema };
    expect(await pooled.answerPrompt(call, signal)).toEqual(await here.answerPrompt(call, signal));
    const other = { prompt: large, outputSchema: { ...portSchema, required: ["port"] } };
    await expect(pooled.answerPrompt(other, signal)).rejects.toMatchObject({ code: "ANSWER_SCHEMA_MISMATCH" });
  });

  test.each(["gpt-4o", "claude-haiku-4-5"])("of a prompt for %s that is to fit a smaller window", async (model) => {
    const reduced = await pooled.reduceToFit(reductionOf(large, model), signal);
    expect(reduced).toEqual(await here.reduceToFit(reductionOf(large, model), signal));
    expect(reduced?.prompt.context).toContain(answer);
    const framed = { ...large, framing: "none" as const };
    expect(await pooled.reduceToFit(reductionOf(framed, model), signal)).toBeUndefined();
  });
});

describe("the main thread", () => {
  test("keeps what is small, and nothing that is large wherever it stands", async () => {
    expect((await without.answerPrompt({ prompt: small }, signal)).text).toContain("lighthouse");
    const long = { role: "tool" as const, text: filler(largeSize) };
    for (const prompt of [
      large,
      promptOf(question, { history: [long] }),
      promptOf(question, { toolRounds: [long] }),
      promptOf(long.text),
    ]) {
      await expect(without.answerPrompt({ prompt }, signal)).rejects.toThrow("the pool was asked");
      await expect(without.reduceToFit(reductionOf(prompt, "gpt-4o"), signal)).rejects.toThrow("the pool was asked");
    }
  });

  test("compiles a schema, and leaves one to the pool that takes long", async () => {
    await without.checkSchema(portSchema, signal);
    await expect(without.checkSchema({ type: "nonsense" }, signal)).rejects.toMatchObject({ code: "INVALID_OUTPUT_SCHEMA" });
    const properties = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [`p${at}`, { type: "string", maxLength: at }]),
    );
    await expect(without.checkSchema({ type: "object", properties }, signal)).rejects.toThrow("the pool was asked");
    await pooled.checkSchema(
      { type: "object", properties: { p: { $ref: "#/$defs/q" } }, $defs: { q: { type: "null" } } },
      signal,
    );
  });

  test("goes without a smaller prompt whose thread crashed", async () => {
    const crashing: WorkerPool = { ...unused, run: () => Promise.reject(new WorkerCrashed("it needs more memory")) };
    expect(await pooledPromptWork(limits, crashing).reduceToFit(reductionOf(large, "gpt-4o"), signal)).toBeUndefined();
  });
});

test("what the thread says of a schema comes back", async () => {
  const task = { name: "checkSchema", argument: { type: "nonsense" } };
  await expect(pool.run(task)).rejects.toMatchObject({ code: "INVALID_OUTPUT_SCHEMA" });
  await expect(pooled.checkSchema({ $ref: "#/nothing" }, signal)).rejects.toMatchObject({ code: "INVALID_OUTPUT_SCHEMA" });
});

test("an extract ends with its signal", async () => {
  const controller = new AbortController();
  const extracting = pooled.answerPrompt({ prompt: large }, controller.signal);
  controller.abort(new Error("enough"));
  await expect(extracting).rejects.toThrow("enough");
  expect((await pooled.answerPrompt({ prompt: large }, signal)).text).toContain("lighthouse");
});
