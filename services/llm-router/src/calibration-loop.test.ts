// What llm-router learns of a model's tokens reaches the counter of assess: a record each, and nothing else, between them.
import { createCalibrationReader } from "@nocp/assess/read-calibration.ts";
import type { Calibration } from "@nocp/models/tokens/calibration.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";
import { memoryRecords } from "../../../test/fixtures/llm-router-fixtures.ts";
import { createCalibrationLearner } from "./learn-calibration.ts";

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
    async counterOf(model: string) {
      clock += 2000;
      calibrationOf(model);
      await new Promise(setImmediate);
      return createTokenCounter(model, calibrationOf);
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
        const counting = { model: `some-provider/${model}`, factor: counter.factor?.() ?? 1 };
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
      learner.observe({ model: "m", counting: { model: "m", factor: 1 }, countedTokens: 1000, billedTokens: 1230 });
      await learner.flush();
    }
    expect(records.entries.get("m")?.samples).toBe(6);
    expect(records.entries.get("m")?.factor).toBeCloseTo(1.23, 1);
  });
});

test("nothing is learned of a model that is counted exactly, or that another model's counter counted", async () => {
  const { learner, records } = loop();
  const bill = { countedTokens: 1000, billedTokens: 1230 };
  learner.observe({ model: "gpt-4o", counting: { model: "gpt-4o", factor: 1 }, ...bill });
  learner.observe({ model: "claude-x", counting: { model: "gpt-4o", factor: 1 }, ...bill });
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
  expect(calibrationOf("claude")).toBeUndefined();
  await new Promise(setImmediate);
  expect(calibrationOf("anthropic/claude")?.factor).toBe(1.5);
  expect(asked).toBe(1);
  clock = 1500;
  expect(calibrationOf("claude")?.factor).toBe(1.5);
  await new Promise(setImmediate);
  expect(calibrationOf("claude")?.factor).toBe(1.5);
  expect(errors).toHaveLength(1);
});
