// What llm-router does about calls that a vendor billed and that gave no usable answer.
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ProviderCall, ProviderCompletion } from "@nocp/models/provider.ts";
import type { ReportedUsage } from "@nocp/models/reported-usage.ts";
import { describe, expect, it } from "vitest";
import { fakeContext, optimizedMessage, scriptedProvider, vendorError } from "../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, rejection, routerOf } from "../../../test/fixtures/llm-router-handler.ts";

/** A dollar a million input tokens, ten a million output tokens. */
const priced = { pricing: { kind: "set", inputUsdPerMillion: 1, outputUsdPerMillion: 10 } } as const;
const usage: ReportedUsage = {
  inputTokens: 400,
  outputTokens: 100,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteOneHourTokens: 0,
  reasoningTokens: 0,
};
const costUsd = 0.0014;
/** Of a whole prompt and 500 output tokens. */
const worstCaseUsd = 0.0054;

const billedThen = (error: Error) => (call: ProviderCall) => {
  Object.assign(call.progress!, { answered: true, model: call.model, output: "x", usage });
  return Promise.reject<ProviderCompletion>(error);
};
const hangs = (call: ProviderCall, signal: AbortSignal) => {
  Object.assign(call.progress!, { answered: true, output: "x".repeat(100) });
  return silent(call, signal);
};
const silent = (_call: ProviderCall, signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const unreadable = new NocpError("PROVIDER_INVALID_RESPONSE", "the answer is not a completion");
const costsOf = (attempts: readonly ProviderAttempt[]) => attempts.map((attempt) => attempt.costUsd);

describe("a call that was billed and gave no answer", () => {
  it.each([
    ["filtered", new NocpError("CONTENT_FILTERED", "stopped"), "CONTENT_FILTERED"],
    ["unreadable", unreadable, "PROVIDER_UNUSABLE_ANSWER"],
    ["an error at its end", vendorError(500), "PROVIDER_UNAVAILABLE"],
  ])("costs what the vendor reported: %s", async (_name, thrown, errorCode) => {
    const context = fakeContext();
    const { handle } = routerOf([scriptedProvider("first", [billedThen(thrown)], priced)]);
    await rejection(handle(optimizedMessage({}), context) as Promise<unknown>);
    expect(context.calls).toMatchObject([{ outcome: "failed", errorCode, usage: { outputTokens: 100 } }]);
    expect(context.calls[0]!.costUsd).toBeCloseTo(costUsd, 12);
    expect(context.spans[0]!.attributes).toMatchObject({ "gen_ai.usage.output_tokens": 100 });
  });

  it("costs what the vendor reported when it is empty, and is asked for again", async () => {
    const context = fakeContext();
    const { handle } = routerOf([scriptedProvider("first", [{ text: "", usage }, {}], priced)]);
    const error = await rejection(handle(optimizedMessage({}), context) as Promise<unknown>);
    expect(error.code).toBe("PROVIDER_INVALID_RESPONSE");
    expect(context.calls[0]!.costUsd).toBeCloseTo(costUsd, 12);
    const { spent } = completionIn(await handle(optimizedMessage({}), fakeContext({ attempt: 2 })));
    expect(spent.costUsd).toBeCloseTo(costUsd + (400 + 2 * 10) / 1e6, 12);
  });

  it("that was cancelled costs what had come, or an unknown amount when nothing had", async () => {
    for (const [behaviour, bill] of [
      [hangs, { costUsd, usage: { inputTokens: 400, outputTokens: 100, source: "counted" } }],
      [silent, { costUsd: null, atMostUsd: worstCaseUsd }],
    ] as const) {
      const context = fakeContext();
      const { handle } = routerOf([scriptedProvider("first", [behaviour], priced)]);
      const handled = rejection(handle(optimizedMessage({}), context) as Promise<unknown>);
      setTimeout(() => context.abort(new NocpError("CANCELLED", "not wanted any more")), 20);
      expect((await handled).code).toBe("CANCELLED");
      expect(context.calls).toMatchObject([{ errorCode: "CANCELLED", ...bill }]);
    }
  });

  it("costs nothing when it was never made", async () => {
    const context = fakeContext();
    const broken = { ...priced, provider: () => Promise.reject(new Error("cannot be imported")) };
    const { handle } = routerOf([scriptedProvider("first", [], broken)]);
    await rejection(handle(optimizedMessage({}), context) as Promise<unknown>);
    expect(costsOf(context.calls)).toEqual([0]);
  });

  it("leaves a warning and an unknown total when its cost is unknown", async () => {
    const lost = scriptedProvider("first", [new SyntaxError("Unexpected token")], priced);
    const { handle } = routerOf([lost, scriptedProvider("second", [{}], priced)], { fallbacks: ["second"] });
    const { spent, warnings } = completionIn(await handle(optimizedMessage({}), fakeContext()));
    expect(spent.costUsd).toBeNull();
    expect(warnings).toMatchObject([{ code: "COST_PARTLY_UNKNOWN" }]);
  });
});

describe("an answer that was billed and cannot be read", () => {
  it("is answered by the next candidate", async () => {
    const first = scriptedProvider("first", [billedThen(unreadable)], priced);
    const { handle } = routerOf([first, scriptedProvider("second", [{}], priced)], { fallbacks: ["second"] });
    expect(completionIn(await handle(optimizedMessage({}), fakeContext())).completion.provider).toBe("second");
  });

  it("is not asked for again, neither alone nor while another candidate is tried again", async () => {
    const alone = routerOf([scriptedProvider("first", [billedThen(unreadable)], priced)]);
    expect((await rejection(alone.handle(optimizedMessage({}), fakeContext()) as Promise<unknown>)).disposition).toBe("reject");
    const first = scriptedProvider("first", [billedThen(unreadable)], priced);
    const second = scriptedProvider("second", [vendorError(503), {}], priced);
    const { handle } = routerOf([first, second], { fallbacks: ["second"] });
    expect((await rejection(handle(optimizedMessage({}), fakeContext()) as Promise<unknown>)).disposition).toBe("retry");
    const body = completionIn(await handle(optimizedMessage({}), fakeContext({ attempt: 2 })));
    expect(body.completion.provider).toBe("second");
    expect(first.calls).toHaveLength(1);
  });

  it("is an answer when it is reasoning alone, shown or not", async () => {
    const hidden = { text: "", usage: { ...usage, reasoningTokens: 100 } };
    for (const answer of [hidden, { text: "", reasoning: "hm" }]) {
      const { handle } = routerOf([scriptedProvider("first", [answer], priced)]);
      expect(completionIn(await handle(optimizedMessage({}), fakeContext())).completion.text).toBe("");
    }
  });
});

describe("the cost cap and calls without an answer", () => {
  it("counts an earlier candidate of the same delivery", async () => {
    const second = scriptedProvider("second", [{}], priced);
    const { handle } = routerOf([scriptedProvider("first", [billedThen(vendorError(500))], priced), second], {
      fallbacks: ["second"],
    });
    const maxCostUsd = 0.006;
    await handle(optimizedMessage({ limits: { maxCostUsd } }), fakeContext());
    const { maxOutputTokens } = second.calls[0]!;
    expect(costUsd + (400 + maxOutputTokens * 10) / 1e6).toBeLessThanOrEqual(maxCostUsd + 1e-12);
  });

  it("counts a call of unknown cost at its worst case, in later deliveries too", async () => {
    const first = scriptedProvider("first", [new SyntaxError("x"), {}], priced);
    const { handle } = routerOf([first]);
    const message = optimizedMessage({ limits: { maxCostUsd: worstCaseUsd } });
    expect((await rejection(handle(message, fakeContext()) as Promise<unknown>)).disposition).toBe("retry");
    const error = await rejection(handle(message, fakeContext({ attempt: 2 })) as Promise<unknown>);
    expect(error.code).toBe("COST_CAP_EXCEEDED");
    expect(first.calls).toHaveLength(1);
  });

  it("reserves every answer that is asked for", async () => {
    const first = scriptedProvider("first", [{}], priced);
    const { handle } = routerOf([first]);
    await handle(optimizedMessage({ generation: { n: 2 }, limits: { maxCostUsd: worstCaseUsd } }), fakeContext());
    expect(first.calls[0]!.maxOutputTokens).toBe(250);
  });

  it("warns of a result above it", async () => {
    const more = { ...usage, outputTokens: 5000 };
    const { handle } = routerOf([scriptedProvider("first", [{ usage: more }], priced)]);
    const body = completionIn(await handle(optimizedMessage({ limits: { maxCostUsd: 0.01 } }), fakeContext()));
    expect(body.warnings).toMatchObject([{ code: "COST_ABOVE_CAP" }]);
  });
});
