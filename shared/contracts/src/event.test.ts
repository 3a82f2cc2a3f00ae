import { expect, test } from "vitest";
import { transactionOf } from "./event.ts";
import { failedResultOf } from "./failed-result.ts";
import type { NocpResult } from "./result.ts";

const content = "words of a caller or of a model";

test("a transaction holds nothing that a caller, a model or a tool said", () => {
  const call = { id: "c", name: "look", arguments: { what: content } };
  const result: NocpResult = {
    ...failedResultOf({
      tenant: "default",
      requestId: "0190a000-0000-7000-8000-000000000000",
      lane: "interactive",
      error: { code: "UNEXPECTED", message: content },
      submittedAt: 0,
      completedAt: 1,
      journey: [],
      attempts: [],
      traceId: null,
    }),
    answer: content,
    reasoning: content,
    reasoningItems: [{ vendor: "openai", data: { content } }],
    toolRequests: [call],
    toolRounds: [{ text: content, requests: [call], results: [] }],
    alternatives: [content],
    removed: [],
    metadata: { content },
    warnings: [{ code: "TOOL_FAILED", message: content }],
  };
  expect(JSON.stringify(transactionOf(result))).not.toContain(content);
});
