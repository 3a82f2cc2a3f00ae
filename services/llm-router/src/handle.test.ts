import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ToolsRequested } from "@nocp/contracts/messages.ts";
import { factSchemas } from "@nocp/contracts/messages.ts";
import type { Emission } from "@nocp/runtime/stage/handler.ts";
import { ShutdownSignal } from "@nocp/runtime/stage/settlement.ts";
import { describe, expect, it } from "vitest";
import {
  type FakeContext,
  fakeContext,
  optimizedMessage,
  promptOf,
  requestId,
  scriptedProvider,
  vendorError,
  weatherTool,
} from "../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, delayed, rejection, routerOf } from "../../../test/fixtures/llm-router-handler.ts";
import { limitsBefore } from "./fallback-policy.ts";

const toolsIn = ([emission]: readonly Emission[]): ToolsRequested => {
  expect(emission?.fact).toBe("tools.requested");
  return factSchemas["tools.requested"].parse(emission!.body);
};
describe("a completion", () => {
  it("travels on with what was spent, the cost, and the context the model saw", async () => {
    const { handle } = routerOf([
      scriptedProvider("first", [{}], { pricing: { kind: "table", vendor: "openai" }, defaultModel: "gpt-5.4-mini" }),
    ]);
    const body = completionIn(await handle(optimizedMessage({}), fakeContext()));
    expect(body.completion).toMatchObject({ text: "Paris", provider: "first", model: "gpt-5.4-mini", finishReason: "stop" });
    expect(body.context).toBe("Paris is the capital of France.");
    expect(body.spent.attempts).toMatchObject([{ provider: "first", outcome: "succeeded" }]);
    expect(body.spent.costUsd).toBeCloseTo((400 * 0.75 + 2 * 4.5) / 1e6, 9);
    expect(body.cost.baselineUsd).toBeCloseTo((1000 * 0.75 + 2 * 4.5) / 1e6, 9);
  });

  it("whose provider sends no usage is counted, and says so", async () => {
    const { handle } = routerOf([scriptedProvider("first", [{ usage: null, text: "Paris!" }])]);
    const body = completionIn(await handle(optimizedMessage({}), fakeContext()));
    expect(body.completion.usage).toMatchObject({ source: "counted", inputTokens: 400, outputTokens: 6 });
    expect(body.spent.costUsd).toBeNull();
  });

  it("is asked for with the request's wishes", async () => {
    const provider = scriptedProvider("first", [{}]);
    const { handle } = routerOf([provider]);
    const schema = { type: "object", properties: {} };
    const request = { routing: { temperature: 0.2 }, limits: { maxOutputTokens: 77 }, output: { schema } };
    await handle(optimizedMessage(request), fakeContext());
    expect(provider.calls[0]).toMatchObject({ temperature: 0.2, maxOutputTokens: 77, outputSchema: schema });
    expect(provider.calls[0]!.messages.at(-1)!.text).toContain("<context>");
  });

  it("is not paid for when its schema is none, and there is nothing to send again", async () => {
    const provider = scriptedProvider("first", []);
    const { handle } = routerOf([provider]);
    const request = { output: { schema: { type: "nonsense", required: 5 } } };
    const error = await rejection(handle(optimizedMessage(request), fakeContext()) as Promise<unknown>);
    expect(error).toMatchObject({ code: "INVALID_OUTPUT_SCHEMA", disposition: "fail" });
    expect(provider.calls).toHaveLength(0);
  });

  it("that was cut at the limit carries a warning", async () => {
    const { handle } = routerOf([scriptedProvider("first", [{ finishReason: "length" }])]);
    expect(completionIn(await handle(optimizedMessage({}), fakeContext())).warnings).toMatchObject([{ code: "ANSWER_CUT" }]);
  });
});

describe("fallback", () => {
  const fallbacks = { fallbacks: ["second", "third"] };

  it.each([
    ["a server error", vendorError(503)],
    ["a refused connection", Object.assign(new Error("x"), { code: "ECONNREFUSED" })],
    ["a rate limit that is over soon", vendorError(429, {}, { "retry-after": "2" })],
  ])("after %s the same candidate is asked once more, and then the next", async (_name, failure) => {
    const { handle } = routerOf([scriptedProvider("first", [failure, failure]), scriptedProvider("second", [{}])], {
      fallbacks: ["second"],
    });
    const { spent } = completionIn(await handle(optimizedMessage({}), fakeContext()));
    expect(spent.attempts.map(({ provider }) => provider)).toEqual(["first", "first", "second"]);
    const once = routerOf([scriptedProvider("first", [failure, {}]), scriptedProvider("second", [])], { fallbacks: ["second"] });
    expect(completionIn(await once.handle(optimizedMessage({}), fakeContext())).completion.provider).toBe("first");
  });

  it("says how long it paused before the same candidate was asked again, also when the pause was cut short", async () => {
    const pausedMs: number[] = [];
    const wait = async (_delayMs: number, signal: AbortSignal) => {
      const startedAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      pausedMs.push(performance.now() - startedAt);
      signal.throwIfAborted();
    };
    const asked = async (context: FakeContext) => {
      const providers = [scriptedProvider("first", [vendorError(503), {}]), scriptedProvider("second", [])];
      const { handle } = routerOf(providers, { fallbacks: ["second"] }, { wait });
      await handle(optimizedMessage({}), context).catch(() => undefined);
      return context.providerWaits;
    };
    const [whole] = await asked(fakeContext());
    const aborted = fakeContext();
    setTimeout(() => aborted.abort(new Error("cancelled")), 5);
    const [cut] = await asked(aborted);
    expect(pausedMs).toHaveLength(2);
    expect(whole).toBeGreaterThanOrEqual(pausedMs[0]!);
    expect(cut).toBeGreaterThanOrEqual(pausedMs[1]!);
  });

  it("takes only the ways that the request allows", async () => {
    const asked = async (fallback: object) => {
      const context = fakeContext();
      const { handle } = routerOf([scriptedProvider("first", [vendorError(500), {}]), scriptedProvider("second", [{}])], {
        fallbacks: ["second"],
      });
      await handle(optimizedMessage({ routing: { fallback } }), context).catch(() => undefined);
      return context.calls.map(({ provider }) => provider);
    };
    expect(await asked({ sameModel: false })).toEqual(["first", "second"]);
    expect(await asked({ otherModel: false })).toEqual(["first"]);
  });

  it("carries what a filter refused to the next candidate only when it is asked to", async () => {
    const refused = vendorError(400, { code: "content_filter", message: "Your request was rejected." });
    const { handle } = routerOf([scriptedProvider("first", [refused]), scriptedProvider("second", [{}])], {
      fallbacks: ["second"],
    });
    const message = optimizedMessage({ routing: { fallback: { filtered: true } } });
    expect(completionIn(await handle(message, fakeContext())).completion.provider).toBe("second");
  });

  it.each([
    ["a rate limit", vendorError(429, {}, { "retry-after": "60" })],
    ["a wrong key", vendorError(401)],
    ["an unknown model", vendorError(404)],
    ["a parameter that one vendor does not know", vendorError(400, { message: "Unsupported parameter", param: "seed" })],
    ["a prompt that is too long", vendorError(400, { code: "context_length_exceeded" })],
    ["nonsense", new SyntaxError("Unexpected token")],
  ])("after %s the next candidate answers, and both attempts are recorded", async (_name, failure) => {
    const { handle } = routerOf([scriptedProvider("first", [failure]), scriptedProvider("second", [{ text: "from second" }])], {
      fallbacks: ["second"],
    });
    const context = fakeContext();
    const body = completionIn(await handle(optimizedMessage({}), context));
    expect(body.completion).toMatchObject({ text: "from second", provider: "second" });
    expect(body.spent.attempts.map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual([
      "first failed",
      "second succeeded",
    ]);
    expect(context.spans.map(({ name, kind, failed }) => [name, kind, failed])).toEqual([
      ["chat first-model", "client", true],
      ["chat second-model", "client", false],
    ]);
  });

  it.each([
    ["a content filter", vendorError(400, { code: "content_filter" }), "CONTENT_FILTERED"],
    ["malformed messages", vendorError(400, { message: "bad", param: "messages[1].content" }), "PROVIDER_BAD_CONTENT"],
    ["an image that nobody can read", vendorError(400, { message: "Could not process image" }), "PROVIDER_BAD_CONTENT"],
  ])("after %s no other candidate is asked", async (_name, failure, code) => {
    const second = scriptedProvider("second", []);
    const { handle } = routerOf([scriptedProvider("first", [failure]), second], { fallbacks: ["second"] });
    expect((await rejection(handle(optimizedMessage({}), fakeContext()) as Promise<unknown>)).code).toBe(code);
    expect(second.calls).toHaveLength(0);
  });

  it("when every candidate reports a rate limit, the request waits for the shortest", async () => {
    const wait = (seconds: number) => vendorError(429, {}, { "retry-after": String(seconds) });
    const { handle } = routerOf(
      [scriptedProvider("first", [wait(60)]), scriptedProvider("second", [wait(9)]), scriptedProvider("third", [wait(30)])],
      fallbacks,
    );
    const context = fakeContext();
    const error = await rejection(handle(optimizedMessage({}), context) as Promise<unknown>);
    expect(error).toMatchObject({ code: "PROVIDER_RATE_LIMITED", disposition: "wait", retryAfterMs: 9000 });
    expect(context.calls).toHaveLength(3);
  });

  it("one failure that may pass is enough to try again", async () => {
    const { handle } = routerOf([scriptedProvider("first", [vendorError(401)]), scriptedProvider("second", [vendorError(500)])], {
      fallbacks: ["second"],
    });
    expect((await rejection(handle(optimizedMessage({}), fakeContext()) as Promise<unknown>)).disposition).toBe("retry");
  });

  it("when none may pass, the most telling failure is reported, with the others beside it", async () => {
    const { handle } = routerOf(
      [
        scriptedProvider("first", [vendorError(401)]),
        scriptedProvider("second", [vendorError(400, { code: "context_length_exceeded" })]),
      ],
      { fallbacks: ["second"] },
    );
    const error = await rejection(handle(optimizedMessage({}), fakeContext()) as Promise<unknown>);
    expect(error.code).toBe("CONTEXT_LENGTH_EXCEEDED");
    expect(error.message).toMatch(/second.*also: first.*refuses the API key/);
  });

  it("a candidate that hangs loses its turn, even when it ignores the signal", async () => {
    const hanging = scriptedProvider("first", [() => new Promise(() => undefined)], {
      limits: { connectMs: 10, ttftMs: 10, stallMs: 10 },
    });
    const { handle } = routerOf([hanging, scriptedProvider("second", [{}])], { fallbacks: ["second"] });
    const body = completionIn(await handle(optimizedMessage({}), fakeContext()));
    expect(body.spent.attempts[0]).toMatchObject({ outcome: "failed", errorCode: "PROVIDER_TIMEOUT" });
  });

  it("a cancellation is nobody's failure: its reason comes out, and no other candidate is asked", async () => {
    const context = fakeContext();
    const second = scriptedProvider("second", []);
    const hanging = scriptedProvider("first", [
      (_call, signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    ]);
    const { handle, completions } = routerOf([hanging, second], { fallbacks: ["second"] });
    const handled = rejection(handle(optimizedMessage({}), context) as Promise<unknown>);
    setTimeout(() => context.abort(new NocpError("CANCELLED", "not wanted any more")), 20);
    expect((await handled).code).toBe("CANCELLED");
    expect(second.calls).toHaveLength(0);
    expect(completions.entries.size).toBe(0);
  });

  const hangs = (_call: unknown, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const outcomes = (attempts: readonly ProviderAttempt[]) =>
    attempts.map(({ provider, outcome, errorCode }) => [provider, outcome, errorCode]);

  it("calls stay on the bill when the deadline fires during a later candidate", async () => {
    const context = fakeContext();
    const { handle } = routerOf(
      [scriptedProvider("first", [vendorError(503), vendorError(503)]), scriptedProvider("second", [hangs])],
      {
        fallbacks: ["second"],
      },
    );
    const handled = rejection(handle(optimizedMessage({}), context) as Promise<unknown>);
    setTimeout(() => context.abort(new NocpError("DEADLINE_EXCEEDED", "too late")), 20);
    expect((await handled).code).toBe("DEADLINE_EXCEEDED");
    expect(outcomes(context.calls)).toEqual([
      ["first", "failed", "PROVIDER_UNAVAILABLE"],
      ["first", "failed", "PROVIDER_UNAVAILABLE"],
      ["second", "failed", "DEADLINE_EXCEEDED"],
    ]);
  });

  it("calls of earlier deliveries stay on the bill, of one that a shutdown ended too", async () => {
    const stopped = fakeContext({ attempt: 2 });
    const { handle } = routerOf([scriptedProvider("first", [vendorError(503), hangs, {}])]);
    await rejection(handle(optimizedMessage({}), fakeContext()) as Promise<unknown>);
    const handled = handle(optimizedMessage({}), stopped).catch(() => "given back");
    setTimeout(() => stopped.abort(new ShutdownSignal()), 20);
    expect(await handled).toBe("given back");
    const last = fakeContext({ attempt: 2 });
    const expected = [
      ["first", "failed", "PROVIDER_UNAVAILABLE"],
      ["first", "failed", undefined],
      ["first", "succeeded", undefined],
    ];
    expect(outcomes(completionIn(await delayed(handle(optimizedMessage({}), last))).spent.attempts)).toEqual(expected);
    expect(outcomes(last.calls)).toEqual(expected);
    const redelivered = fakeContext({ attempt: 3 });
    await handle(optimizedMessage({}), redelivered);
    expect(outcomes(redelivered.calls)).toEqual(expected);
  });
});

describe("the silence that a candidate is allowed", () => {
  it.each([
    ["is the provider's own", 5000, 60_000, 1, 5000],
    ["ends with the deadline", 120_000, 999.5, 1, 1000],
    ["leaves as much to each candidate that follows", 120_000, 9000, 3, 3000],
    ["is a whole number, and never 0", 120_000, 0.2, 2, 1],
  ] as const)("%s", (_name, silenceMs, remainingMs, candidatesLeft, expected) => {
    const limits = { connectMs: 1, ttftMs: silenceMs, stallMs: silenceMs };
    expect(limitsBefore(remainingMs, candidatesLeft, limits)).toEqual({ connectMs: 1, ttftMs: expected, stallMs: expected });
  });
});

describe("tools", () => {
  const offering = (step: number) =>
    optimizedMessage(
      {},
      {
        step,
        prompt: promptOf("Weather in Lyon?", { tools: [weatherTool] }),
        source: { toolResults: [], toolRounds: [], offeredTools: [weatherTool] },
      },
    );
  const asking = {
    text: "Let me look.",
    finishReason: "tool-calls" as const,
    toolRequests: [{ id: "c1", name: "weather.current", arguments: { city: "Lyon" }, signature: "sig" }],
  };

  it("that the model asks for go back to act, with the next step and what was spent", async () => {
    const { handle, completions } = routerOf([scriptedProvider("first", [asking])]);
    const body = toolsIn(await handle(offering(0), fakeContext()));
    expect(body).toMatchObject({
      step: 1,
      pending: { text: "Let me look.", requests: asking.toolRequests },
      offeredTools: [weatherTool],
    });
    expect(body.spent.attempts).toHaveLength(1);
    expect(completions.entries.has(`default.${requestId}.0`)).toBe(true);
  });

  it("are asked for again after a redelivery without a second call", async () => {
    const provider = scriptedProvider("first", [asking]);
    const { handle } = routerOf([provider]);
    const message = offering(0);
    const first = toolsIn(await handle(message, fakeContext()));
    expect(toolsIn(await handle(message, fakeContext({ attempt: 2 })))).toEqual(first);
    expect(provider.calls).toHaveLength(1);
  });

  it("are forbidden, but still in view, after the last round", async () => {
    const provider = scriptedProvider("first", [{ text: "18 degrees" }]);
    const { handle } = routerOf([provider]);
    expect(completionIn(await handle(offering(2), fakeContext())).completion.text).toBe("18 degrees");
    expect(provider.calls[0]).toMatchObject({ toolChoice: "none", tools: [weatherTool] });
  });

  it("asked for all the same after the last round end in an answer with a warning", async () => {
    const { handle } = routerOf([scriptedProvider("first", [asking])]);
    expect(completionIn(await handle(offering(2), fakeContext())).warnings).toMatchObject([{ code: "TOOL_ROUNDS_EXHAUSTED" }]);
  });
});
