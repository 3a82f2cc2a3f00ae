import { expect, test } from "vitest";
import { stageRecordSchema } from "./accounting.ts";
import { latencyOf, overheadMsOf, ownQueueWaitMs } from "./latency.ts";
import { latencySchema } from "./result.ts";

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
    providerWaitMs: 0,
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

test("what a provider makes a request wait is neither its queues' time, nor its stages' work, nor overhead", () => {
  const attempt = { provider: "p", model: "m", outcome: "succeeded", latencyMs: 100, costUsd: null } as const;
  const journey = [
    { stage: "act", attempt: 1, queueWaitMs: 1, workMs: 5 },
    { stage: "llm-router", attempt: 2, queueWaitMs: 1_060, workMs: 410, heldMs: 1_050, pausedMs: 300 },
  ];
  const latency = latencyOf(journey, [attempt], 1_480);
  expect(latency).toEqual({
    totalMs: 1_480,
    queueWaitMs: 11,
    modelMs: 100,
    providerWaitMs: 1_350,
    stageMs: { act: 5, "llm-router": 10 },
  });
  expect(overheadMsOf(latency)).toBe(30);
});

test("neither overhead nor a wait is negative, whatever clocks say", () => {
  expect(ownQueueWaitMs({ queueWaitMs: 5, heldMs: 9 })).toBe(0);
  expect(ownQueueWaitMs({ queueWaitMs: 5 })).toBe(5);
  const record = { stage: "llm-router", attempt: 1, queueWaitMs: 5, workMs: 5, heldMs: 9, pausedMs: 9 };
  const latency = latencyOf([record], [], 8);
  expect(latency).toMatchObject({ queueWaitMs: 0, stageMs: { "llm-router": 0 } });
  expect(overheadMsOf(latency)).toBe(0);
});

test("a journey of a release that said nothing of providers' waits is read", () => {
  expect(stageRecordSchema.parse({ stage: "act", attempt: 1, queueWaitMs: 1, workMs: 2 })).not.toHaveProperty("heldMs");
  const { providerWaitMs: _new, ...former } = latencyOf([], [], 9);
  expect(latencySchema.parse(former).providerWaitMs).toBe(0);
});
