// A completion as articulate gets it, and the context of its delivery.
import type { CompletionReceived } from "@nocp/shared/contracts/messages.ts";
import { completionReceivedSchema } from "@nocp/shared/contracts/messages.ts";
import { requestSchema } from "@nocp/shared/contracts/request.ts";
import type { HandlerContext } from "@nocp/shared/messaging/handler.ts";
import { pino } from "pino";

const usage = { inputTokens: 120, outputTokens: 30, cacheReadTokens: 20, source: "provider" as const };

/** A message with everything a result is made of; `text` is the model's answer. */
export function completionReceived(
  text: string,
  output: Record<string, unknown> = {},
  changes: Partial<Record<keyof CompletionReceived, unknown>> = {},
): CompletionReceived {
  return completionReceivedSchema.parse({
    requestId: "0190a5d2-7c5e-7000-8000-000000000001",
    lane: "interactive",
    submittedAt: 1_000,
    deadlineAt: 301_000,
    request: requestSchema.parse({ query: "What?", output, session: { id: "s1" }, tenant: "acme", metadata: { ticket: "42" } }),
    journey: [
      { stage: "act", attempt: 1, queueWaitMs: 1, workMs: 10 },
      { stage: "assess", attempt: 1, queueWaitMs: 2, workMs: 20 },
      { stage: "llm-router", attempt: 1, queueWaitMs: 3, workMs: 500 },
    ],
    completion: { text, finishReason: "stop", provider: "openai", model: "gpt-4o", usage },
    context: "The capital of France is Paris.",
    inputTokens: { raw: 1000, optimized: 120 },
    spent: {
      attempts: [
        { provider: "openai", model: "gpt-4o", outcome: "failed", errorCode: "PROVIDER_TIMEOUT", latencyMs: 100 },
        { provider: "openai", model: "gpt-4o", outcome: "succeeded", latencyMs: 300, usage, costUsd: 0.002 },
      ],
      costUsd: 0.002,
    },
    cost: { baselineUsd: 0.01, reference: { model: "openai/gpt-4o", usd: 0.002, baselineUsd: 0.01 }, priceTable: "prices 1" },
    ...changes,
  });
}

export const handlerContext = (changes: Partial<HandlerContext> = {}): HandlerContext => ({
  requestId: "0190a5d2-7c5e-7000-8000-000000000001",
  lane: "interactive",
  stage: "articulate",
  attempt: 1,
  mayBeRepeated: false,
  isStored: async () => false,
  submittedAt: 1_000,
  deadlineAt: 301_000,
  signal: new AbortController().signal,
  logger: pino({ level: "silent" }),
  queueWaitMs: 4,
  traceId: "0af7651916cd43dd8448eb211c80319c",
  now: () => 2_000,
  elapsedMs: () => 5,
  span: async (_name, _attributes, work) => work({} as Parameters<typeof work>[0]),
  delta: () => {},
  recordCall: () => {},
  ...changes,
});
