import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type FailureFacts, failedResultOf } from "@nocp/contracts/failed-result.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type Fact, factSubject, resultSubject } from "@nocp/contracts/topology.ts";
import { type CompletionRecord, completionRecordSchema } from "@nocp/llm-router/completion-record.ts";
import { createHandler } from "@nocp/llm-router/handle.ts";
import type { Handle, HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { mayRepeatHeader } from "@nocp/runtime/stage/message-headers.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import { emptyToolsCompleted, waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker, startTestStage } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { completionReceived } from "../fixtures/completion-example.ts";
import { optimizedMessage, promptOf, requestId, scriptedProvider, weatherTool } from "../fixtures/llm-router-fixtures.ts";
import { routerDependencies } from "../fixtures/llm-router-handler.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue({ gracePeriodMs: 200 });

/** Throws away the first acknowledgement that this connection sends, as a cut line would. */
function loseOneAcknowledgement({ connection }: Broker): { lost: number } {
  const counter = { lost: 0 };
  const isLost = (payload: unknown): boolean => {
    if (payload !== "+ACK" || counter.lost > 0) return false;
    counter.lost += 1;
    return true;
  };
  const { publish, request } = connection;
  connection.publish = (subject, payload, options) => {
    if (!isLost(payload)) publish.call(connection, subject, payload, options);
  };
  connection.request = (subject, payload, options) =>
    isLost(payload) ? Promise.reject(new Error("lost")) : request.call(connection, subject, payload, options);
  return counter;
}

describe("a lost acknowledgement", () => {
  test.each([
    ["small", 1_000],
    ["large", 700_000],
  ])("leads to a second start of a %s request, and to no failure", async (_size, characters) => {
    const own = await openTestBroker(queue.server.url);
    const counter = loseOneAcknowledgement(own);
    const attempts: number[] = [];
    const stage = await startTestStage(own, "act", async (message, context) => {
      attempts.push(context.attempt);
      return emptyToolsCompleted(message, context);
    });
    await queue.client.submit({ query: "q", documents: [{ text: "x".repeat(characters) }] });
    await waitFor(() => attempts.length === 2, "the redelivery");
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the acknowledgement");
    await stage.stop();
    await own.close();
    expect(counter.lost).toBe(1);
    expect(await queue.messagesIn("NOCP_ASSESS")).toBe(1);
    expect([await queue.messagesIn("NOCP_DLQ"), await queue.messagesIn("NOCP_RESULTS")]).toEqual([0, 0]);
  });
});

const failedIn = (
  { tenant, requestId, lane, submittedAt, now }: HandlerContext,
  done: Pick<FailureFacts, "journey" | "attempts"> = { journey: [], attempts: [] },
): NocpResult =>
  failedResultOf({
    ...{ tenant, requestId, lane, submittedAt, ...done },
    error: { code: "UNEXPECTED", message: "", advice: "" },
    completedAt: now(),
    traceId: null,
  });

test("what comes again of a request that has its result is not handled again", async () => {
  const own = await openTestBroker(queue.server.url);
  const counter = loseOneAcknowledgement(own);
  const attempts: number[] = [];
  const stage = await startTestStage(own, "act", async (message, context) => {
    attempts.push(context.attempt);
    await queue.broker.jetstream.publish(resultSubject(context), encodeJson(failedIn(context)));
    return emptyToolsCompleted(message, context);
  });
  await queue.client.submit({ query: "q" });
  await waitFor(() => counter.lost === 1, "the acknowledgement to be lost");
  await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the second one");
  await stage.stop();
  await own.close();
  expect(attempts).toEqual([1]);
});

/** An act whose tools return nothing. */
const toolsCompleted: Handle<"act"> = async (message) => {
  if (message.fact !== "tools.requested") return [];
  const { pending: _pending, ...body } = message.body;
  return [{ fact: "tools.completed", body }];
};

/** An assess that hands on a prompt with a tool. */
const contextOptimized: Handle<"assess"> = async (message) => {
  const { toolResults, toolRounds, offeredTools, ...body } = message.body;
  return [{ fact: "context.optimized", body: { ...body, ...optimized, source: { toolResults, toolRounds, offeredTools } } }];
};
const prompt = { ...promptOf("What is the weather?"), tools: [weatherTool] };
const optimized = { prompt, inputTokens: { raw: 10, optimized: 10 } };

type Provider = ReturnType<typeof scriptedProvider>;
const routerWith = (provider: Provider, completions: RecordStore<CompletionRecord>): Handle<"llm-router"> =>
  createHandler({ ...routerDependencies([provider], { maxToolRounds: 4, maxOutputTokens: 100 }), completions });
const routerOf = async (provider: Provider): Promise<Handle<"llm-router">> =>
  routerWith(provider, await queue.broker.records("completions", completionRecordSchema, 1_000));

/** An articulate that answers with the beginning of the completion. */
const responseReady: Handle<"articulate"> = async (message, context) => {
  const { completion, spent, journey } = message.body;
  const failed = failedIn(context, { journey, attempts: spent.attempts });
  return [
    { fact: "response.ready", body: { ...failed, status: "succeeded", answer: completion.text.slice(0, 100), error: null } },
  ];
};

const publish = (fact: Fact, body: unknown, messageId: string) =>
  queue.broker.publisher.publish(
    {
      subject: factSubject(fact, { tenant: "default", lane: "interactive", requestId }),
      tenant: "default",
      body: encodeJson(body),
      messageId,
    },
    { aborted: false },
  );

describe("a router that stops while act still holds the round before", () => {
  test("gives its message back: one result, and each round is paid once", async () => {
    const provider = scriptedProvider("first", [
      { text: "", toolRequests: [{ id: "call-2", name: weatherTool.name, arguments: { city: "Paris" } }] },
      { text: "Sunny." },
    ]);
    // Act died after its emission and before its acknowledgement: what it handled is still on its queue.
    const { prompt: _prompt, inputTokens: _tokens, counting: _counting, ...body } = optimizedMessage({}, { step: 1 }).body;
    const round = `default.${requestId}>llm-router.0`;
    const source = { toolResults: [], toolRounds: [], offeredTools: [] };
    const pending = { text: "", requests: [{ id: "call-1", name: weatherTool.name, arguments: { city: "Rome" } }] };
    await publish("tools.requested", { ...body, ...source, pending }, round);
    await publish("tools.completed", { ...body, ...source }, `${round}>act.0`);
    await queue.broker.manager.streams.purge("NOCP_ASSESS");
    await publish("context.optimized", { ...body, ...optimized, source }, `${round}>act.0>assess.0`);

    const first = await startTestStage(queue.broker, "llm-router", await routerOf(provider));
    await waitFor(() => provider.calls.length === 1, "the first call");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await first.stop();
    expect(await queue.messagesIn("NOCP_LLM_ROUTER")).toBe(1);

    await queue.start("act", toolsCompleted);
    await queue.start("assess", contextOptimized);
    await queue.start("llm-router", await routerOf(provider));
    await queue.start("articulate", responseReady);
    const result = await queue.client.result(requestId, { timeoutMs: 60_000 });
    expect(result).toMatchObject({ status: "succeeded", answer: "Sunny." });
    expect([provider.calls.length, result.attempts.length]).toEqual([2, 2]);
    for (const stream of ["NOCP_ACT", "NOCP_ASSESS", "NOCP_LLM_ROUTER", "NOCP_ARTICULATE"])
      await waitFor(async () => (await queue.messagesIn(stream)) === 0, `an empty ${stream}`);
    expect([await queue.messagesIn("NOCP_RESULTS"), await queue.messagesIn("NOCP_DLQ")]).toEqual([1, 0]);
  });
});

const optimizedId = `default.${requestId}>act.0>assess.0`;

describe("M7: a completion that is on its way", () => {
  const redeliver = async (provider: ReturnType<typeof scriptedProvider>, meanwhile: () => Promise<void>) => {
    const own = await openTestBroker(queue.server.url);
    const lost = loseOneAcknowledgement(own);
    const first = await startTestStage(own, "llm-router", await routerOf(provider));
    await publish("context.optimized", optimizedMessage({}).body, optimizedId);
    await waitFor(() => lost.lost === 1, "the lost acknowledgement");
    await first.stop();
    await own.close();
    await meanwhile();
    await queue.start("llm-router", await routerOf(provider));
    await waitFor(async () => (await queue.messagesIn("NOCP_LLM_ROUTER")) === 0, "the second acknowledgement");
  };

  test("is not paid again when its message is redelivered", async () => {
    const provider = scriptedProvider("first", [{ text: "Sunny." }]);
    await redeliver(provider, async () => undefined);
    expect([provider.calls.length, await queue.messagesIn("NOCP_ARTICULATE")]).toEqual([1, 1]);
  });

  test("nor when the request has its result, and the broker has forgotten which ids it knows", async () => {
    const provider = scriptedProvider("first", [{ text: "Sunny." }]);
    await redeliver(provider, async () => {
      await queue.start("articulate", responseReady);
      expect(await queue.client.result(requestId, { timeoutMs: 60_000 })).toMatchObject({ answer: "Sunny." });
      await waitFor(async () => (await queue.messagesIn("NOCP_ARTICULATE")) === 0, "an empty queue");
      await queue.server.restart();
    });
    expect(provider.calls.length).toBe(1);
    expect([await queue.messagesIn("NOCP_ARTICULATE"), await queue.messagesIn("NOCP_RESULTS")]).toEqual([0, 1]);
  });

  test("nor when the broker calls the second handing-out the first", async () => {
    const provider = scriptedProvider("first", [{ text: "Sunny." }]);
    const own = await openTestBroker(queue.server.url);
    const lost = loseOneAcknowledgement(own);
    const stage = await startTestStage(own, "llm-router", await routerOf(provider));
    await publish("context.optimized", optimizedMessage({}).body, optimizedId);
    await waitFor(() => lost.lost === 1, "the lost acknowledgement");
    const { manager } = queue.broker;
    const { config } = await manager.consumers.info("NOCP_LLM_ROUTER", "llm-router-interactive");
    await manager.consumers.delete("NOCP_LLM_ROUTER", "llm-router-interactive");
    await manager.consumers.add("NOCP_LLM_ROUTER", config);
    await waitFor(async () => (await queue.messagesIn("NOCP_LLM_ROUTER")) === 0, "the second acknowledgement");
    await stage.stop();
    await own.close();
    expect([provider.calls.length, await queue.messagesIn("NOCP_ARTICULATE")]).toEqual([1, 1]);
  });
});

describe("M2, M7: a copy of a message whose id the broker has forgotten", () => {
  const ends = [
    ["a clean restart", () => queue.server.restart()],
    ["kill -9", () => queue.server.kill().then(() => queue.server.restart())],
  ] as const;
  /** The results that whoever listens is pushed. */
  const pushedResults = () => {
    const answers: string[] = [];
    queue.broker.connection.subscribe(resultSubject({ tenant: "default", requestId }), {
      callback: (_error, message) => void answers.push(message.json<NocpResult>().answer as string),
    });
    return answers;
  };
  const settled = async () => {
    for (const stream of ["NOCP_ASSESS", "NOCP_LLM_ROUTER", "NOCP_ARTICULATE"])
      await waitFor(async () => (await queue.messagesIn(stream)) === 0, `an empty ${stream}`);
  };
  /** Each call another answer, so that a second one would show. */
  const variedProvider = () => scriptedProvider("first", [{ text: "Sunny." }, { text: "Rainy." }, { text: "Windy." }]);

  test.each(ends)("is not paid for after %s, nor is a second result pushed", async (_name, end) => {
    const provider = variedProvider();
    const pushed = pushedResults();
    await queue.start("llm-router", await routerOf(provider));
    await queue.start("articulate", responseReady);
    const { body } = optimizedMessage({});
    await publish("context.optimized", body, optimizedId);
    await waitFor(() => pushed.length === 1, "the result");
    await settled();
    await end();
    const again = await publish("context.optimized", body, optimizedId);
    expect(again.outcome, "the broker does not know the id any more").toBe("stored");
    await settled();
    expect([provider.calls.length, pushed, await queue.messagesIn("NOCP_RESULTS")]).toEqual([1, ["Sunny."], 1]);
  });

  test.each(ends)(
    "is not paid for when its maker was handed its input again after %s, by replicas that saw none of it",
    async (_name, end) => {
      const provider = variedProvider();
      const pushed = pushedResults();
      const own = await openTestBroker(queue.server.url);
      const lost = loseOneAcknowledgement(own);
      const first = [
        await startTestStage(own, "assess", contextOptimized),
        await startTestStage(queue.broker, "llm-router", await routerOf(provider)),
        await startTestStage(queue.broker, "articulate", responseReady),
      ];
      const { prompt: _prompt, inputTokens: _tokens, counting: _counting, ...body } = optimizedMessage({}).body;
      const nothing = { toolResults: [], toolRounds: [], offeredTools: [] };
      await publish("tools.completed", { ...body, ...nothing }, `default.${requestId}>act.0`);
      await waitFor(() => pushed.length === 1 && lost.lost === 1, "the result and the lost acknowledgement");
      for (const stage of first) await stage.stop();
      await own.close();
      await end();
      await queue.start("articulate", responseReady);
      await queue.start("llm-router", await routerOf(provider));
      await queue.start("assess", contextOptimized);
      await settled();
      expect([provider.calls.length, pushed, await queue.messagesIn("NOCP_RESULTS")]).toEqual([1, ["Sunny."], 1]);
    },
  );

  test("is told from a new message by its header, long after any restart", async () => {
    const provider = variedProvider();
    await queue.start("llm-router", await routerOf(provider));
    await queue.start("articulate", responseReady);
    const { body } = optimizedMessage({});
    await publish("context.optimized", body, optimizedId);
    await queue.client.result(requestId, { timeoutMs: 60_000 });
    const subject = factSubject("context.optimized", { tenant: "default", lane: "interactive", requestId });
    const copy = {
      subject,
      tenant: "default",
      body: encodeJson(body),
      messageId: "forgotten",
      headers: { [mayRepeatHeader]: "1" },
    };
    await queue.broker.publisher.publish(copy, { aborted: false });
    await settled();
    expect(provider.calls.length).toBe(1);
  });

  test("is not pushed as a result when a stage that may be repeating itself makes one", async () => {
    const pushed = pushedResults();
    const answer = ["first", "second"];
    await queue.start("articulate", async (message, context) => {
      const [emission] = await responseReady(message, context);
      return emission?.fact === "response.ready"
        ? [{ ...emission, body: { ...emission.body, answer: answer.shift() ?? "" } }]
        : [];
    });
    await queue.start("llm-router", await routerOf(variedProvider()));
    await publish("context.optimized", optimizedMessage({}).body, optimizedId);
    await waitFor(() => pushed.length === 1, "the result");
    const { request } = optimizedMessage({}).body;
    const completed = completionReceived("Rainy.", {}, { requestId, request, deadlineAt: Date.now() + 60_000 });
    const subject = factSubject("completion.received", { tenant: "default", lane: "interactive", requestId });
    const headers = { [mayRepeatHeader]: "1" };
    const copy = { subject, tenant: "default", body: encodeJson(completed), messageId: "copy", headers };
    await queue.broker.publisher.publish(copy, { aborted: false });
    await settled();
    expect([pushed, answer]).toEqual([["first"], []]);
  });
});

describe("M7: an answer that is larger than a message may be", () => {
  const text = "y".repeat(1_100_000);

  test("is paid once, recorded while its queue is full, and read back from the record", async () => {
    const provider = scriptedProvider("first", [{ text }]);
    const { manager } = queue.broker;
    await manager.streams.update("NOCP_ARTICULATE", { max_msgs: 1 });
    await publish("completion.received", {}, "in the way");
    const first = await startTestStage(queue.broker, "llm-router", await routerOf(provider));
    const waiting = queue.client.result(requestId, { timeoutMs: 60_000 });
    const { body } = optimizedMessage({ stream: true });
    const deltas: { sequence: number; text: string; done: boolean }[] = [];
    const unwatch = queue.client.watch(requestId, {
      onDelta: (delta) => {
        if (delta.sequence === 0) deltas.length = 0;
        deltas.push(delta);
      },
    });
    await publish("context.optimized", body, optimizedId);
    await waitFor(async () => (await queue.messagesIn("KV_nocp_completions")) === 1, "the record");
    await first.stop();
    await manager.streams.purge("NOCP_ARTICULATE");
    await queue.start("llm-router", await routerOf(provider));
    await queue.start("articulate", responseReady);
    const result = await waiting;
    expect(result).toMatchObject({ status: "succeeded", answer: text.slice(0, 100) });
    expect(provider.calls.length).toBe(1);
    expect(result.attempts.length).toBe(1);
    // The recorded answer is shown to readers in pieces that fit.
    await waitFor(() => deltas.length > 1 && deltas.some(({ done }) => done), "the last piece");
    unwatch();
    expect(deltas.map((delta) => delta.text).join("")).toBe(text);
    expect(deltas.map(({ sequence }) => sequence)).toEqual(deltas.map((_, index) => index));
    expect(deltas.filter(({ done }) => done).length).toBe(1);
  });

  test("that cannot be recorded is billed nevertheless", async () => {
    const own = await openTestBroker(queue.server.url, { maxAttempts: 1 });
    const provider = scriptedProvider("first", [{ toolRequests: [{ id: "call", name: weatherTool.name, arguments: { text } }] }]);
    const put = () => Promise.reject(new NocpError("PUBLISH_FAILED", "no room"));
    const stage = await startTestStage(own, "llm-router", routerWith(provider, { get: async () => undefined, put }));
    const waiting = queue.client.result(requestId, { timeoutMs: 60_000 });
    const source = { toolResults: [], toolRounds: [], offeredTools: [] };
    await publish("context.optimized", { ...optimizedMessage({}).body, ...optimized, source }, optimizedId);
    const result = await waiting;
    await stage.stop();
    await own.close();
    expect(result).toMatchObject({ status: "failed", error: { code: "PUBLISH_FAILED" } });
    expect(result.attempts).toMatchObject([{ outcome: "succeeded", usage: { outputTokens: 2 } }]);
  });

  test("whose record is gone is no record", async () => {
    const records = await queue.broker.records("texts", z.string(), 1_000);
    await records.put("key", text);
    expect(await records.get("key")).toBe(text);
    await queue.broker.manager.streams.purge("KV_nocp_record_claims");
    expect(await records.get("key")).toBeUndefined();
  });
});
