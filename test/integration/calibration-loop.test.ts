// What llm-router learns of a model's tokens reaches the counter of assess: a record each, and nothing else, between them.
import { createCalibrationReader } from "@nocp/assess/read-calibration.ts";
import { createCalibrationLearner } from "@nocp/llm-router/learn-calibration.ts";
import { type Calibration, type PromptShape, promptShapes } from "@nocp/models/tokens/calibration.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";
import { memoryRecords } from "../fixtures/llm-router-fixtures.ts";

const texts = Array.from(
  { length: 12 },
  (_, at) => `Report ${at}: ${"the harbour was dredged again, and nobody knew why. ".repeat(20 + at)}`,
);
const exact = createTokenCounter("gpt-4o");

function loop(records = memoryRecords<Calibration>()) {
  let clock = 0;
  const failures: unknown[] = [];
  const onError = (error: unknown) => failures.push(error);
  const learner = createCalibrationLearner({ records, flushAfterMs: 60_000, onError });
  const calibrationOf = createCalibrationReader({ records, refreshAfterMs: 1000, now: () => clock, onError });
  return {
    records,
    failures,
    learner,
    /** As assess counts, some time after the last count. */
    async counterOf(model: string, shape: PromptShape = "plain") {
      clock += 2000;
      calibrationOf(model, shape);
      await new Promise(setImmediate);
      return createTokenCounter(model, calibrationOf, shape);
    },
  };
}

describe("a model that bills 1.23 tokens for each one counted", () => {
  test.each(["claude-of-tomorrow", "gemini-of-tomorrow", "unheard-of-7b"])(
    "%s is counted to a twentieth after five answers",
    async (model) => {
      const { counterOf, learner } = loop();
      for (const text of texts.slice(0, 5)) {
        const counter = await counterOf(model);
        const countedTokens = counter.count(text);
        const counting = { model: `some-provider/${model}`, shape: "plain", factor: counter.factor?.() ?? 1 };
        learner.observe({ model, counting, countedTokens, billedTokens: Math.round(exact.count(text) * 1.23) });
        await learner.flush();
      }
      const counter = await counterOf(model);
      for (const text of texts) {
        expect(Math.abs(counter.count(text) / (exact.count(text) * 1.23) - 1)).toBeLessThan(0.05);
      }
    },
  );

  test("is learned by two routers together", async () => {
    const records = memoryRecords<Calibration>();
    const [one, two] = [loop(records), loop(records)];
    for (const { learner } of [one, two, one, two, one, two]) {
      learner.observe({
        model: "m",
        counting: { model: "m", shape: "plain", factor: 1 },
        countedTokens: 1000,
        billedTokens: 1230,
      });
      await learner.flush();
    }
    expect(records.entries.get("m")?.samples).toBe(6);
    expect(records.entries.get("m")?.factor).toBeCloseTo(1.23, 1);
  });
});

describe("what is learned of one shape", () => {
  /** Bills that are 2.4 times the count, as of a short prompt with a long schema. */
  async function learnFrom(shape: PromptShape, requests = 100) {
    const own = loop();
    for (let request = 0; request < requests; request++) {
      const counter = await own.counterOf("claude-x", shape);
      const counting = { model: "claude-x", shape, factor: counter.factor?.() ?? 1 };
      const countedTokens = counter.count(texts[request % texts.length]!);
      const billedTokens = Math.round((countedTokens / counting.factor) * 2.4);
      own.learner.observe({ model: "claude-x", counting, countedTokens, billedTokens });
      await own.learner.flush();
    }
    return own;
  }

  test.each(promptShapes.filter((shape) => shape !== "plain"))(
    "100 requests of shape %s do not change the count of a plain prompt",
    async (shape) => {
      const own = await learnFrom(shape);
      const [plain, same] = [await own.counterOf("claude-x"), await own.counterOf("claude-x", shape)];
      const untaught = createTokenCounter("claude-x");
      for (const text of texts) {
        expect(plain.count(text)).toBe(untaught.count(text));
        expect(same.count(text) / exact.count(text)).toBeCloseTo(2.4, 1);
      }
    },
  );

  test("of a plain prompt holds for the others until something is learned of them", async () => {
    const own = await learnFrom("plain", 20);
    for (const shape of promptShapes) expect((await own.counterOf("claude-x", shape)).factor?.()).toBeGreaterThan(2.2);
  });

  test("stays within bounds, whatever is billed", async () => {
    const own = loop();
    for (let request = 0; request < 200; request++) {
      const counting = { model: "m", shape: "schema", factor: 1 };
      own.learner.observe({ model: "m", counting, countedTokens: 1000, billedTokens: 1e9 });
      await own.learner.flush();
    }
    expect((await own.counterOf("m", "schema")).factor?.()).toBeLessThanOrEqual(3);
    expect((await own.counterOf("m")).factor?.()).toBe(1);
  });
});

test("nothing is learned of a model that is counted exactly, or that another model's counter counted", async () => {
  const { learner, records } = loop();
  const bill = { countedTokens: 1000, billedTokens: 1230 };
  learner.observe({ model: "gpt-4o", counting: { model: "gpt-4o", shape: "plain", factor: 1 }, ...bill });
  learner.observe({ model: "claude-x", counting: { model: "gpt-4o", shape: "plain", factor: 1 }, ...bill });
  learner.observe({ model: "claude-x", counting: { model: "claude-x", shape: "a shape of tomorrow", factor: 1 }, ...bill });
  learner.observe({ model: "claude-x", counting: undefined, ...bill });
  await learner.flush();
  expect(records.entries.size).toBe(0);
});

test("a reader asks once in its interval, answers at once, and goes on with what it knows when it cannot read", async () => {
  let clock = 0;
  let asked = 0;
  const errors: unknown[] = [];
  const answers = [
    async () => ({ factor: 1.5, samples: 9 }),
    async () => {
      throw new Error("the store is away");
    },
  ];
  const calibrationOf = createCalibrationReader({
    records: { get: () => answers[asked++]?.() ?? Promise.resolve(undefined) },
    refreshAfterMs: 1000,
    now: () => clock,
    onError: (error) => errors.push(error),
  });
  expect(calibrationOf("claude", "plain")).toBeUndefined();
  await new Promise(setImmediate);
  expect(calibrationOf("anthropic/claude", "plain")?.factor).toBe(1.5);
  expect(asked).toBe(1);
  clock = 1500;
  expect(calibrationOf("claude", "plain")?.factor).toBe(1.5);
  await new Promise(setImmediate);
  expect(calibrationOf("claude", "plain")?.factor).toBe(1.5);
  expect(errors).toHaveLength(1);
});
