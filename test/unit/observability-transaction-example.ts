// A transaction for the tests of observability, complete and valid; say what differs.
import { type Transaction, transactionSchema } from "@nocp/shared/contracts/event.ts";

export const exampleTransaction = (changes: Partial<Transaction> = {}): Transaction =>
  transactionSchema.parse({
    requestId: "0192f3a0-0000-7000-8000-000000000001",
    status: "succeeded",
    format: "text",
    usage: { inputTokens: 320, outputTokens: 40 },
    tokens: { input: { raw: 1000, optimized: 300 }, output: { raw: 50, optimized: 40 } },
    cost: {
      usd: 0.002,
      baselineUsd: 0.005,
      reference: { model: "gpt-5", usd: 0.004, baselineUsd: 0.01 },
      priceTable: "example 1",
    },
    provider: "openai",
    model: "gpt-5-mini",
    attempts: [
      { provider: "gemini", model: "gemini-pro", outcome: "failed", errorCode: "PROVIDER_TIMEOUT", latencyMs: 500 },
      {
        provider: "openai",
        model: "gpt-5-mini",
        outcome: "succeeded",
        latencyMs: 700,
        timeToFirstTokenMs: 90,
        usage: { inputTokens: 320, outputTokens: 40 },
        costUsd: 0.002,
      },
    ],
    cache: { hit: false },
    strategies: [{ strategy: "sentence-selection", before: 900, after: 200 }],
    tools: [{ name: "file.read", status: "succeeded", elapsedMs: 3 }],
    latency: { totalMs: 1300, queueWaitMs: 20, actMs: 10, assessMs: 30, modelMs: 1200, routerMs: 15, articulateMs: 25 },
    journey: [
      { stage: "act", attempt: 1, queueWaitMs: 5, workMs: 10 },
      { stage: "llm-router", attempt: 2, queueWaitMs: 15, workMs: 1215 },
    ],
    confidence: { score: 0.8, parts: { support: 0.8 } },
    warningCodes: [],
    errorCode: null,
    errorStage: null,
    traceId: "0af7651916cd43dd8448eb211c80319c",
    sessionId: null,
    lane: "interactive",
    submittedAt: 1_700_000_000_000,
    completedAt: 1_700_000_001_300,
    ...changes,
  });

/** The same costs with other figures; null where the price is unknown. */
export const exampleCost = (usd: number | null, baselineUsd: number | null): Transaction["cost"] => ({
  ...exampleTransaction().cost,
  usd,
  baselineUsd,
});
