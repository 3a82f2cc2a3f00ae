// The bill against a server that keeps its own: over random sequences of failures NOCP's is the server's, or says that it is
// not known, and no sequence costs more than the cap.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import type { CompletionReceived } from "@nocp/contracts/messages.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakeContext, installedProviders, localServer, optimizedMessage } from "../fixtures/llm-router-fixtures.ts";
import { completionIn, routerOf } from "../fixtures/llm-router-handler.ts";

const inputTokens = 400;
const usdPerMillion = { input: 1, output: 10 };
const maxDeliveries = 5;

/** What the server does with a call; the second list is what it bills nevertheless, and the third what it bills unseen. */
const unbilled = ["rate limit", "server error", "bad request", "error in a 200"] as const;
const billed = ["good", "empty", "filtered", "malformed arguments", "reasoning only", "cut stream"] as const;
const billedUnseen = ["web page", "hang-up", "late"] as const;
const behaviours = [...unbilled, ...billed, ...billedUnseen];
type Behaviour = (typeof behaviours)[number];
interface Step {
  readonly behaviour: Behaviour;
  readonly outputTokens: number;
}

const errorStatus: Partial<Record<Behaviour, number>> = { "rate limit": 429, "server error": 500, "bad request": 400 };

/** One token a character. */
function answerOf({ behaviour }: Step, written: string) {
  const arrived = { role: "assistant", content: written };
  if (behaviour === "empty") return { message: { role: "assistant", content: "" }, finish_reason: "stop" };
  if (behaviour === "reasoning only") {
    return { message: { role: "assistant", content: "", reasoning_content: written }, finish_reason: "stop" };
  }
  if (behaviour === "filtered") return { message: arrived, finish_reason: "content_filter" };
  if (behaviour !== "malformed arguments") return { message: arrived, finish_reason: "stop" };
  const call = { id: "c", index: 0, type: "function", function: { name: "f", arguments: `{${written}` } };
  return { message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" };
}

/** Does the steps in their order, then answers well. */
async function billingServer(steps: readonly Step[]) {
  const left = [...steps];
  const bill = { usd: 0, calls: 0, unseen: 0 };
  const server = await localServer((_request, response, sent) => {
    const asked = JSON.parse(sent) as { stream?: boolean; max_tokens?: number; max_completion_tokens?: number };
    const step = left.shift() ?? { behaviour: "good", outputTokens: 7 };
    const { behaviour } = step;
    const limit = asked.max_tokens ?? asked.max_completion_tokens ?? 0;
    const completionTokens = behaviour === "empty" ? 0 : Math.min(step.outputTokens, limit);
    const written = "x".repeat(completionTokens);
    bill.calls++;
    const status = errorStatus[behaviour];
    if (status !== undefined) return void response.writeHead(status).end(JSON.stringify({ error: { message: "no" } }));
    response.setHeader("content-type", "application/json");
    if (behaviour === "error in a 200") return void response.end(JSON.stringify({ error: { message: "no", code: 502 } }));
    bill.usd += (inputTokens * usdPerMillion.input + completionTokens * usdPerMillion.output) / 1e6;
    const isUnseen = billedUnseen.some((one) => one === behaviour) || (behaviour === "cut stream" && !asked.stream);
    if (isUnseen) bill.unseen++;
    if (behaviour === "late") return;
    if (behaviour === "web page") return void response.end("<html>");
    if (isUnseen) return void response.destroy();
    const choice = answerOf(step, written);
    const usage = { prompt_tokens: inputTokens, completion_tokens: completionTokens };
    if (!asked.stream) return void response.end(JSON.stringify({ model: "m", choices: [choice], usage }));
    const { message, finish_reason } = choice;
    const chunks: object[] = [{ choices: [{ index: 0, delta: message }] }];
    if (behaviour !== "cut stream") chunks.push({ choices: [{ index: 0, delta: {}, finish_reason }] }, { choices: [], usage });
    response.setHeader("content-type", "text/event-stream");
    response.end(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""));
  });
  return { ...server, bill };
}

interface Scenario {
  readonly steps: readonly Step[];
  readonly maxCostUsd: number;
  readonly stream: boolean;
}

/** Delivers the message until it is answered or given up. */
async function billOf({ maxCostUsd, stream }: Scenario, baseUrl: string) {
  const providers = await installedProviders({
    "providers.openai-compatible.baseUrl": baseUrl,
    "providers.openai-compatible.inputUsdPerMillion": String(usdPerMillion.input),
    "providers.openai-compatible.outputUsdPerMillion": String(usdPerMillion.output),
  });
  const installed = providers.find(({ name }) => name === "openai-compatible")!;
  // Importing the vendor's SDK takes longer than a call may.
  await installed.provider();
  const { handle } = routerOf([{ ...installed, timeoutMs: 150 }]);
  const routing = { provider: installed.name, model: "one", fallbacks: [{ provider: installed.name, model: "two" }] };
  const message = optimizedMessage({ routing, limits: { maxCostUsd }, stream });
  for (let attempt = 1; ; attempt++) {
    const context = fakeContext({ attempt });
    try {
      const { spent, warnings }: CompletionReceived = completionIn(await handle(message, context));
      return { usd: spent.costUsd, attempts: spent.attempts, warnings };
    } catch (error) {
      if (!(error instanceof NocpError)) throw error;
      if (error.disposition === "retry" && attempt < maxDeliveries) continue;
      const { cost, attempts, warnings } = failedResultOf({
        tenant: context.tenant,
        requestId: context.requestId,
        lane: context.lane,
        error: { code: error.code, message: error.message },
        submittedAt: 0,
        completedAt: 0,
        journey: [],
        attempts: context.calls,
        traceId: null,
        request: message.body.request as never,
      });
      return { usd: cost.usd, attempts, warnings };
    }
  }
}

const scenarios = fc.record({
  steps: fc.array(fc.record({ behaviour: fc.constantFrom(...behaviours), outputTokens: fc.integer({ min: 1, max: 600 }) }), {
    maxLength: 8,
  }),
  maxCostUsd: fc.double({ min: 0.0005, max: 0.03, noNaN: true }),
  stream: fc.boolean(),
});

describe("the bill of a request", () => {
  it("is the server's or says that it is not known, and stays under the cap, over random failures", async () => {
    const seen = { exact: 0, unknown: 0 };
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const server = await billingServer(scenario.steps);
        try {
          const { usd, attempts, warnings } = await billOf(scenario, `${server.url}/v1`);
          expect(attempts.length).toBeGreaterThanOrEqual(server.bill.calls);
          expect(server.bill.usd).toBeLessThanOrEqual(scenario.maxCostUsd * (1 + 1e-9));
          const known = attempts.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
          expect(known).toBeLessThanOrEqual(server.bill.usd + 1e-12);
          if (usd === null) {
            seen.unknown++;
            expect(warnings.map(({ code }) => code)).toContain("COST_PARTLY_UNKNOWN");
          } else {
            seen.exact++;
            expect(usd).toBeCloseTo(server.bill.usd, 12);
            expect(server.bill.unseen).toBe(0);
          }
        } finally {
          await server.close();
        }
      }),
      { numRuns: 100 },
    );
    expect(seen.exact).toBeGreaterThan(0);
    expect(seen.unknown).toBeGreaterThan(0);
  });
});
