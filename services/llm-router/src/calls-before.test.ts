import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Pricing } from "@nocp/models/prices/model-prices.ts";
import { ShutdownSignal } from "@nocp/runtime/stage/settlement.ts";
import { describe, expect, it } from "vitest";
import {
  fakeContext,
  optimizedMessage,
  requestId,
  scriptedProvider,
  vendorError,
} from "../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, delayed, rejection, routerOf } from "../../../test/fixtures/llm-router-handler.ts";
import { completionKey } from "./completion-record.ts";
import type { InstalledProvider } from "./installed-provider.ts";

/** 400 input tokens and up to 500 output tokens: $0.0004 and $0.005. */
const pricing: Pricing = { kind: "set", inputUsdPerMillion: 1, outputUsdPerMillion: 10 };
const worstCaseUsd = 0.0054;
const answerUsd = 0.00042;
const priced = (name: string, script: Parameters<typeof scriptedProvider>[1], more: Partial<InstalledProvider> = {}) =>
  scriptedProvider(name, script, { pricing, ...more });

const second = { attempt: 2, lostStarts: 1 };
const lost = { outcome: "failed", errorCode: "CALL_LOST", costUsd: null };
const fallbacks = [{ provider: "second", model: "second-model" }];

describe("a start that ended with its process", () => {
  it("leaves a call of unknown cost on the bill, at most that of its longest answer", async () => {
    const { handle } = routerOf([priced("first", [{}])]);
    const { spent, warnings } = completionIn(await handle(optimizedMessage({}), fakeContext(second)));
    expect(spent.attempts).toMatchObject([
      { ...lost, provider: "first", model: "first-model", atMostUsd: expect.closeTo(worstCaseUsd, 9) },
      { outcome: "succeeded", costUsd: expect.closeTo(answerUsd, 9) },
    ]);
    expect(spent.costUsd).toBeNull();
    expect(warnings.map(({ code }) => code)).toEqual(["COST_PARTLY_UNKNOWN"]);
  });

  it("costs nothing where nothing is paid", async () => {
    const { handle } = routerOf([priced("first", [{}], { pricing: { kind: "free" } })]);
    const { spent } = completionIn(await handle(optimizedMessage({}), fakeContext(second)));
    expect(spent).toMatchObject({ costUsd: 0, attempts: [{ errorCode: "CALL_LOST", costUsd: 0 }, { outcome: "succeeded" }] });
  });

  it("counts under the cap at its worst: what is left may be too little for another call", async () => {
    const provider = priced("first", [{}]);
    const { handle } = routerOf([provider]);
    const context = fakeContext(second);
    const error = await rejection(handle(optimizedMessage({ limits: { maxCostUsd: 0.006 } }), context) as Promise<unknown>);
    expect([error.code, provider.calls.length]).toEqual(["COST_CAP_EXCEEDED", 0]);
    expect(context.calls).toMatchObject([lost]);
  });

  it("called nobody where the cap had no room for a call", async () => {
    const { handle } = routerOf([priced("first", [])]);
    const context = fakeContext(second);
    await rejection(handle(optimizedMessage({ limits: { maxCostUsd: 0.0001 } }), context) as Promise<unknown>);
    expect(context.calls).toEqual([]);
  });

  it("is billed once, however often the message is started after it", async () => {
    const { handle } = routerOf([priced("first", [vendorError(500), {}])]);
    await rejection(handle(optimizedMessage({}), fakeContext(second)) as Promise<unknown>);
    const { spent } = completionIn(await handle(optimizedMessage({}), fakeContext({ attempt: 3, lostStarts: 1 })));
    expect(spent.attempts.map(({ errorCode }) => errorCode)).toEqual(["CALL_LOST", "PROVIDER_UNAVAILABLE", undefined]);
  });

  it("is billed each time", async () => {
    const { handle } = routerOf([priced("first", [{}])]);
    const { spent } = completionIn(await handle(optimizedMessage({}), fakeContext({ attempt: 4, lostStarts: 3 })));
    expect(spent.attempts.map(({ errorCode }) => errorCode)).toEqual(["CALL_LOST", "CALL_LOST", "CALL_LOST", undefined]);
  });

  it("has lost only the call that was under way: those before it are known", async () => {
    const never = () => new Promise<never>(() => undefined);
    const providers = [
      priced("first", [vendorError(400), {}]),
      priced("second", [never], { pricing: { ...pricing, outputUsdPerMillion: 20 } }),
    ];
    const { handle, completions } = routerOf(providers);
    const message = optimizedMessage({ routing: { fallbacks } });
    const dying = fakeContext();
    handle(message, dying).catch(() => undefined);
    await expect.poll(() => providers[1]?.calls.length).toBe(1);
    expect(completions.entries.get(completionKey({ tenant: "default", requestId }, 0))).toMatchObject({
      starts: 0,
      calling: fallbacks[0],
    });
    const { spent } = completionIn(await handle(message, fakeContext(second)));
    expect(spent.attempts).toMatchObject([
      { provider: "first", errorCode: "PROVIDER_BAD_REQUEST", costUsd: 0 },
      { ...lost, provider: "second", atMostUsd: expect.closeTo(0.0104, 9) },
      { provider: "first", outcome: "succeeded" },
    ]);
    dying.abort(new Error("the test is over"));
  });

  it("is billed by its outcome where that was written down before the process ended", async () => {
    const { handle } = routerOf([priced("first", [{}])]);
    const message = optimizedMessage({});
    await delayed(handle(message, fakeContext()));
    const { spent } = completionIn(await handle(message, fakeContext(second)));
    expect(spent.attempts).toMatchObject([{ outcome: "succeeded", costUsd: expect.closeTo(answerUsd, 9) }]);
  });

  it("is billed though the settings of today know no such provider", async () => {
    const { handle } = routerOf([priced("first", [])]);
    const context = fakeContext(second);
    const message = optimizedMessage({ routing: { provider: "gone", model: "m" } });
    const error = await handle(message, context).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NocpError);
    expect(context.calls).toMatchObject([{ ...lost, provider: "unknown" }]);
  });
});

it("a start that died after one that was given back has lost its call: the two have the same number", async () => {
  const never = () => new Promise<never>(() => undefined);
  const provider = priced("first", [never, {}]);
  const { handle } = routerOf([provider]);
  const stopping = fakeContext();
  const given = handle(optimizedMessage({}), stopping).catch((error: unknown) => error);
  await expect.poll(() => provider.calls.length).toBe(1);
  stopping.abort(new ShutdownSignal());
  expect(await given).toBeInstanceOf(ShutdownSignal);
  const { spent } = completionIn(await handle(optimizedMessage({}), fakeContext(second)));
  expect(spent.attempts).toMatchObject([{ outcome: "failed", costUsd: null }, lost, { outcome: "succeeded" }]);
});

it("a start after which there was an answer has lost nothing, also when the one that hands it over dies", async () => {
  const { handle } = routerOf([priced("first", [{}])]);
  const message = optimizedMessage({});
  await delayed(handle(message, fakeContext()));
  const { spent } = completionIn(await handle(message, fakeContext({ attempt: 3, lostStarts: 2 })));
  expect(spent.attempts).toHaveLength(1);
});

it("a start that ended in order has lost nothing", async () => {
  const { handle } = routerOf([priced("first", [{}])]);
  const { spent } = completionIn(await handle(optimizedMessage({}), fakeContext({ attempt: 2 })));
  expect(spent.attempts).toHaveLength(1);
});
