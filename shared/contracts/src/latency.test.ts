import { expect, test } from "vitest";
import { latencyOf } from "./latency.ts";

test("a request's time is split by stage, and the model's wait is not the router's work", () => {
  const record = (stage: string, workMs: number) => ({ stage, attempt: 1, queueWaitMs: 1, workMs });
  const attempt = { provider: "p", model: "m", outcome: "succeeded", latencyMs: 90, costUsd: null } as const;
  expect(
    latencyOf(
      [record("act", 5), record("assess", 7), record("llm-router", 100), record("articulate", 3)],
      [attempt, { ...attempt, purpose: "compression" as const }],
      200,
    ),
  ).toEqual({
    totalMs: 200,
    queueWaitMs: 4,
    modelMs: 90,
    stageMs: { act: 5, assess: 7, "llm-router": 10, articulate: 3 },
  });
});

test("a stage that the contract does not know has its place too, and rounds of a stage are added up", () => {
  const record = (stage: string, workMs: number) => ({ stage, attempt: 1, queueWaitMs: 0, workMs });
  expect(latencyOf([record("act", 5), record("translate", 8), record("act", 2)], [], 20).stageMs).toEqual({
    act: 7,
    translate: 8,
  });
});
