// What the models that help to compress cost: every call that was sent, whatever came of it, and none twice.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memoryRecords } from "../../../test/fixtures/llm-router-fixtures.ts";
import { type OpenAiTestServer, startOpenAiTestServer } from "../../../test/servers/openai-test-server.ts";
import { meterServices, type PaidCalls } from "./meter-services.ts";
import type { ModelServices, PriceOfCall } from "./model-services.ts";
import { modelServicesOf } from "./model-settings.ts";

const embedding = { batchSize: 512, queryPrefix: "", passagePrefix: "", cacheMiB: 0 };
let server: OpenAiTestServer;
let services: ModelServices;
const servicesWithin = (timeoutMs: number): ModelServices => {
  const endpoint = { baseUrl: server.baseUrl, apiKey: "", timeoutMs, model: "m", ...embedding };
  return modelServicesOf(endpoint, endpoint);
};
beforeEach(async () => {
  server = await startOpenAiTestServer();
  services = servicesWithin(30_000);
});
afterEach(() => server.close());

const priceOf: PriceOfCall = ({ inputTokens, outputTokens }) => (inputTokens + 10 * outputTokens) / 1e6;
const prompt = { system: "s", user: "u" };
const meter = (paid?: PaidCalls, own = services) => {
  const metered = meterServices(own, priceOf, () => 0, { paid });
  return {
    ...metered,
    distil: (signal?: AbortSignal) => metered.services.distiller!.complete(prompt, 100, signal),
    compare: (texts: readonly string[]) => metered.services.embedder!.similarities(texts),
  };
};

const usage = { prompt_tokens: 400, completion_tokens: 20 };
const answerOf = (content: string, finish_reason: string) => ({ choices: [{ message: { content }, finish_reason }], usage });
const paidFor = { inputTokens: 400, outputTokens: 20, costUsd: 0.0006 };
const unknown = { costUsd: null, inputTokens: 0, atMostUsd: expect.any(Number) };

describe("a failed call of the distillation model", () => {
  test.each([
    ["an answer that is cut", { body: answerOf("cu", "length") }, paidFor, 1],
    ["an answer that was filtered", { body: answerOf("no", "content_filter") }, paidFor, 1],
    ["an answer without choices", { body: { choices: [], usage } }, paidFor, 1],
    ["an answer that does not say what it cost", { body: { choices: answerOf("x", "stop").choices } }, unknown, 1],
    ["a refusal", { status: 400 }, { costUsd: 0 }, 1],
    ["an error in a 200", { body: { error: { message: "no", code: 500 } } }, { costUsd: 0 }, 1],
    ["an error of the server, twice", { status: 500 }, { costUsd: 0 }, 2],
    ["a gateway that stopped waiting, twice", { status: 504 }, unknown, 2],
    ["a web page, twice", { body: "<html>" }, unknown, 2],
    ["no answer in time, twice", { delayMs: 1000 }, unknown, 2],
  ])("%s is on the bill with what is known", async (_what, scripted, bill, times) => {
    server.script(scripted);
    server.script(scripted);
    const { distil, calls } = meter(undefined, servicesWithin("delayMs" in scripted ? 150 : 30_000));
    await expect(distil()).rejects.toThrow();
    expect(server.requests).toHaveLength(times);
    expect(calls).toMatchObject(Array(times).fill({ outcome: "failed", service: "distiller", ...bill }));
  });

  test("stays on the bill when the second try is answered", async () => {
    server.script({ status: 504 });
    server.answerChat(() => "short");
    const { distil, calls } = meter();
    expect((await distil()).text).toBe("short");
    expect(calls).toMatchObject([{ outcome: "failed", ...unknown }, { outcome: "succeeded" }]);
  });

  test("that was ended from outside is billed by its worst case, and one that was never sent is not", async () => {
    const ending = new AbortController();
    server.script({ delayMs: 60_000 });
    const { distil, calls } = meter();
    const asked = distil(ending.signal);
    await expect.poll(() => server.requests.length).toBe(1);
    ending.abort(new Error("stop"));
    await expect(asked).rejects.toThrow("stop");
    expect(calls).toMatchObject([{ outcome: "failed", ...unknown }]);
    await expect(distil(ending.signal)).rejects.toThrow("stop");
    expect(calls).toHaveLength(1);
  });

  test("to a server that is not there costs nothing", async () => {
    const gone = await startOpenAiTestServer();
    await gone.close();
    const nobody = { baseUrl: gone.baseUrl, apiKey: "", timeoutMs: 30_000, model: "m", ...embedding };
    const { distil, calls } = meter(undefined, modelServicesOf(nobody, nobody));
    await expect(distil()).rejects.toThrow();
    expect(calls.map(({ costUsd }) => costUsd)).toEqual([0, 0]);
  });
});

describe("embeddings", () => {
  const texts = ["price of the car", "the automobile costs nine", "zebras"];

  test("are paid once by a request: a redelivery reads what they came to, and the bill is the same", async () => {
    const paid: PaidCalls = memoryRecords();
    const [first, again] = [meter(paid), meter(paid)];
    const similarities = await first.compare(texts);
    expect(await again.compare(texts)).toEqual(similarities);
    expect(server.requests).toHaveLength(1);
    expect(again.calls).toEqual(first.calls);
    await again.compare([...texts, "another"]);
    expect(server.requests).toHaveLength(2);
  });

  test("that fail half way are billed: the answers before are of no use", async () => {
    const many = Array.from({ length: 600 }, (_, at) => `text ${at}`);
    const endpoint = { baseUrl: server.baseUrl, apiKey: "", timeoutMs: 30_000, model: "m", ...embedding };
    const failingLater: typeof fetch = (...call) => {
      if (server.requests.length > 0) server.script({ status: 400 });
      return fetch(...call);
    };
    const { compare, calls } = meter(undefined, modelServicesOf(endpoint, endpoint, failingLater));
    await expect(compare(many)).rejects.toThrow();
    expect(calls).toMatchObject([{ costUsd: 0 }, { outcome: "failed", inputTokens: expect.any(Number), outputTokens: 0 }]);
    expect(calls[1]?.inputTokens).toBeGreaterThan(500);
    expect(calls[1]?.costUsd).toBeGreaterThan(0);
  });

  test("that are refused for missing vectors are paid for, and not asked for again", async () => {
    server.script({ body: { data: [{ index: 0, embedding: [1, 2] }], usage: { prompt_tokens: 7 } } });
    const { compare, calls } = meter();
    await expect(compare(texts)).rejects.toThrow();
    expect(server.requests).toHaveLength(1);
    expect(calls).toMatchObject([{ outcome: "failed", inputTokens: 7, costUsd: 0.000007 }]);
  });
});

describe("a delivery after one that", () => {
  test("ended with its process in the middle of a call bills a lost one, once", async () => {
    const paid: PaidCalls = memoryRecords();
    const never = { ...services.distiller!, complete: () => new Promise<never>(() => undefined) };
    void meter(paid, { distiller: never }).distil();
    await new Promise(setImmediate);
    server.answerChat(() => "short");
    for (const expected of [1, 1]) {
      const { distil, calls } = meter(paid);
      expect((await distil()).text).toBe("short");
      expect(calls).toMatchObject([{ errorCode: "CALL_LOST", ...unknown }, { outcome: "succeeded" }]);
      expect(server.requests).toHaveLength(expected);
    }
  });

  test("failed bills its calls too", async () => {
    const paid: PaidCalls = memoryRecords();
    server.script({ body: answerOf("cu", "length") });
    await expect(meter(paid).distil()).rejects.toThrow();
    const { distil, calls } = meter(paid);
    await distil();
    expect(calls).toMatchObject([{ outcome: "failed", ...paidFor }, { outcome: "succeeded" }]);
  });
});
