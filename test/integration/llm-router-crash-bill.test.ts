// What a request is billed whose router ends in the middle of a call, or cannot hand over an answer that it has paid for.
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import { type CompletionReceived, factSchemas } from "@nocp/contracts/messages.ts";
import { type Fact, factSubject } from "@nocp/contracts/topology.ts";
import { createCallsBefore } from "@nocp/llm-router/calls-before.ts";
import { completionRecordSchema } from "@nocp/llm-router/completion-record.ts";
import { createHandler } from "@nocp/llm-router/handle.ts";
import type { Pricing } from "@nocp/models/prices/model-prices.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker, startTestStage } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterEach, expect, test } from "vitest";
import { optimizedMessage, requestId, scriptedProvider } from "../fixtures/llm-router-fixtures.ts";
import { routerDependencies } from "../fixtures/llm-router-handler.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue({ gracePeriodMs: 100 });
const pricing: Pricing = { kind: "set", inputUsdPerMillion: 1, outputUsdPerMillion: 10 };
/** 400 input tokens and up to 500 output tokens. */
const worstCaseUsd = 0.0054;
const answerUsd = 0.00042;
const lost = { outcome: "failed", errorCode: "CALL_LOST", provider: "first", costUsd: null, atMostUsd: worstCaseUsd };

type Script = Parameters<typeof scriptedProvider>[1];
const never = () => new Promise<never>(() => undefined);

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end().catch(() => undefined);
});

async function startRouter(script: Script, on: Broker) {
  const provider = scriptedProvider("first", script, { pricing });
  const dependencies = {
    ...routerDependencies([provider], { maxToolRounds: 4 }),
    completions: await on.records("completions", completionRecordSchema, 1_000),
  };
  const callsBefore = createCallsBefore(dependencies);
  const stage = await startTestStage(on, "llm-router", createHandler(dependencies), { callsBefore });
  ended.push(stage.stop);
  return { provider, stage };
}

/** @param timeoutMs from now. @returns the deadline. */
async function submit(timeoutMs = 60_000): Promise<number> {
  const submittedAt = Date.now();
  const deadlineAt = submittedAt + timeoutMs;
  await queue.broker.publisher.publish(
    {
      subject: factSubject("context.optimized", { tenant: "default", lane: "interactive", requestId }),
      tenant: "default",
      body: encodeJson(optimizedMessage({}, { submittedAt, deadlineAt }).body),
      messageId: `default.${requestId}>act.0>assess.0`,
    },
    { aborted: false },
  );
  return deadlineAt;
}

const untilPast = (deadlineAt: number): Promise<void> => waitFor(() => Date.now() > deadlineAt, "the deadline to pass");

/** A router whose connection is gone in the middle of the call: for the broker, its process is dead. */
async function crashDuringCall(timeoutMs?: number): Promise<number> {
  const own = await openTestBroker(queue.server.url);
  const { provider, stage } = await startRouter([never], own);
  const deadlineAt = await submit(timeoutMs);
  await waitFor(() => provider.calls.length === 1, "the call");
  await own.connection.close();
  ended.push(stage.stop, () => own.close());
  return deadlineAt;
}

async function completionOf(fact: Fact & "completion.received"): Promise<CompletionReceived> {
  const subject = factSubject(fact, { tenant: "default", lane: "interactive", requestId });
  const message = () => queue.broker.manager.streams.getMessage("NOCP_ARTICULATE", { last_by_subj: subject });
  await waitFor(async () => (await message()) !== null, "the completion");
  return factSchemas[fact].parse((await message())?.json());
}

test("a crash during a call leaves an attempt of unknown cost on the bill", async () => {
  await crashDuringCall();
  await startRouter([{}], queue.broker);
  const { spent, warnings } = await completionOf("completion.received");
  expect(spent.attempts).toMatchObject([lost, { outcome: "succeeded", costUsd: answerUsd }]);
  expect(spent.costUsd).toBeNull();
  expect(warnings.map(({ code }) => code)).toContain("COST_PARTLY_UNKNOWN");
});

test("also when the deadline passes before another router starts", async () => {
  await untilPast(await crashDuringCall(1_500));
  const { provider } = await startRouter([], queue.broker);
  const result = await queue.client.result(requestId, { timeoutMs: 60_000 });
  expect(result).toMatchObject({ status: "failed", error: { code: "DEADLINE_EXCEEDED" }, attempts: [lost] });
  expect(result.cost).toMatchObject({ usd: null, knownUsd: 0 });
  expect(provider.calls).toEqual([]);
});

test("and when the message is not started again, because it was started too often", async () => {
  await crashDuringCall();
  const own = await openTestBroker(queue.server.url, { maxAttempts: 1 });
  ended.push(() => own.close());
  await startRouter([], own);
  const result = await queue.client.result(requestId, { timeoutMs: 60_000 });
  expect(result).toMatchObject({ status: "failed", error: { code: "ATTEMPTS_EXHAUSTED" }, attempts: [lost] });
});

test("a router that stops in the middle of a call writes the call down: there is no second one of unknown cost", async () => {
  const { provider, stage } = await startRouter([never], queue.broker);
  await submit();
  await waitFor(() => provider.calls.length === 1, "the call");
  await stage.stop();
  await startRouter([{}], queue.broker);
  const { spent } = await completionOf("completion.received");
  expect(spent.attempts).toMatchObject([
    { outcome: "failed", costUsd: null, atMostUsd: worstCaseUsd },
    { outcome: "succeeded", costUsd: answerUsd },
  ]);
  expect(spent.attempts[0]).not.toHaveProperty("errorCode");
});

test("an answer that was paid for and could not be handed over before the deadline is on the bill of the failed result", async () => {
  await queue.broker.manager.streams.update("NOCP_ARTICULATE", { max_msgs: 1 });
  const inTheWay = {
    subject: factSubject("completion.received", { tenant: "default", lane: "batch", requestId }),
    tenant: "default",
    body: encodeJson({}),
    messageId: "in the way",
  };
  await queue.broker.publisher.publish(inTheWay, { aborted: false });
  const { provider, stage } = await startRouter([{}], queue.broker);
  await submit(2_500);
  await waitFor(async () => (await queue.messagesIn("KV_nocp_completions")) === 1, "the record");
  const result = await queue.client.result(requestId, { timeoutMs: 60_000 });
  expect(result).toMatchObject({ status: "failed", error: { code: "DEADLINE_EXCEEDED" }, cost: { usd: answerUsd } });
  expect(result.attempts).toMatchObject([{ outcome: "succeeded", costUsd: answerUsd, usage: { inputTokens: 400 } }]);
  expect(provider.calls.length).toBe(1);
  await stage.stop();
});

test("and so it is when the router stops with it, and the deadline passes before another starts", async () => {
  await queue.broker.manager.streams.update("NOCP_ARTICULATE", { max_msgs: 1 });
  const inTheWay = {
    subject: factSubject("completion.received", { tenant: "default", lane: "batch", requestId }),
    tenant: "default",
    body: encodeJson({}),
    messageId: "in the way",
  };
  await queue.broker.publisher.publish(inTheWay, { aborted: false });
  const { stage } = await startRouter([{}], queue.broker);
  const deadlineAt = await submit(2_500);
  await waitFor(async () => (await queue.messagesIn("KV_nocp_completions")) === 1, "the record");
  await stage.stop();
  await untilPast(deadlineAt);
  await startRouter([], queue.broker);
  const result = await queue.client.result(requestId, { timeoutMs: 60_000 });
  expect(result).toMatchObject({ status: "failed", error: { code: "DEADLINE_EXCEEDED" }, cost: { usd: answerUsd } });
  expect(result.attempts).toMatchObject([{ outcome: "succeeded", costUsd: answerUsd }]);
});
