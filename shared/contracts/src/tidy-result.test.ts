import { expect, test } from "vitest";
import { failedResultOf } from "./failed-result.ts";
import { tidyResult } from "./tidy-result.ts";

const plain = failedResultOf({
  tenant: "default",
  requestId: "r",
  lane: "interactive",
  error: { code: "DEADLINE_EXCEEDED", message: "late", stage: "act" },
  submittedAt: 0,
  completedAt: 0,
  journey: [],
  attempts: [],
  traceId: null,
});

test("what NOCP measured loses its noise", () => {
  const { cost, completedAt, confidence } = tidyResult({
    ...plain,
    cost: { ...plain.cost, usd: 0.1 + 0.2 },
    completedAt: 1.6,
    confidence: { score: 1 / 3, parts: {} },
  });
  expect([cost.usd, completedAt, confidence?.score]).toEqual([0.3, 2, 0.333333333333]);
});

test("what the model or the caller wrote keeps every digit", () => {
  const written = { x: Math.PI, at: 1.5, waitMs: 0.123456789, list: [0.1 + 0.2], deep: { sentAt: 1795797089732.6948 } };
  const toolRequests = [{ id: "1", name: "move", arguments: written }];
  const result = tidyResult({ ...plain, toolRequests, reasoningItems: [{ vendor: "openai", data: written }] });
  expect(result.toolRequests).toEqual(toolRequests);
  expect(result.reasoningItems).toEqual([{ vendor: "openai", data: written }]);
});

test("the fields keep their order", () => {
  expect(Object.keys(tidyResult(plain))).toEqual(Object.keys(plain));
});
