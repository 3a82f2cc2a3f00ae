import { randomUUID } from "node:crypto";
import { type ProviderAttempt, type StageRecord, usageSchema } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { factSubject, topology } from "@nocp/contracts/topology.ts";
import type { Handle } from "@nocp/runtime/stage/handler.ts";
import { emptyToolsCompleted as toolsCompleted, waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { describe, expect, test } from "vitest";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue();

describe("settling a delivery", () => {
  test("a handled message is acknowledged, and its emission waits for the next stage", async () => {
    await queue.start("act", toolsCompleted);
    await queue.client.submit({ query: "hello" });
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the emission");
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the acknowledgement");
  });

  test("an unknown error is retried until it succeeds, and each start is counted", async () => {
    const attempts: number[] = [];
    await queue.start("act", async (message, context) => {
      attempts.push(context.attempt);
      if (context.attempt < 3) throw new Error("not yet");
      return toolsCompleted(message, context);
    });
    await queue.client.submit({ query: "hello" });
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the emission");
    expect(attempts).toEqual([1, 2, 3]);
  });

  test("a message that fails at its last attempt becomes a dead letter and one failed result", async () => {
    await queue.start("act", async () => {
      throw new NocpError("TOOL_FAILED", "broken for good");
    });
    const result = await queue.client.ask({ query: "hello", metadata: { team: "blue" } });
    expect(result).toMatchObject({ status: "failed", error: { code: "TOOL_FAILED", stage: "act" }, metadata: { team: "blue" } });
    expect(result.error?.message).toContain("last of 5 attempts");
    const letters = await queue.client.deadLetters.list(10);
    expect(letters.map(({ letter }) => [letter.stage, letter.attempts, letter.requestId])).toEqual([
      ["act", 5, result.requestId],
    ]);
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the acknowledgement");
  });

  test("a rejecting error is dead-lettered at the first attempt", async () => {
    let starts = 0;
    await queue.start("act", async () => {
      starts += 1;
      throw new NocpError("UNKNOWN_TOOL", "no such tool");
    });
    const result = await queue.client.ask({ query: "hello" });
    expect(result.error?.code).toBe("UNKNOWN_TOOL");
    expect(starts).toBe(1);
  });

  test("a rate limit's wait is kept before the next start, and is no attempt", async () => {
    const startedAt: number[] = [];
    await queue.start("act", async (message, context) => {
      expect(context.attempt).toBe(1);
      if (startedAt.push(context.now()) === 1) throw new NocpError("PROVIDER_RATE_LIMITED", "slow down", { retryAfterMs: 600 });
      return toolsCompleted(message, context);
    });
    await queue.client.submit({ query: "hello" });
    const journeys: (readonly StageRecord[])[] = [];
    await queue.start("assess", async ({ body }) => {
      journeys.push(body.journey);
      throw new NocpError("CANCELLED", "enough is known");
    });
    await waitFor(() => journeys.length > 0, "the next stage");
    // What the broker takes beyond it is its own.
    expect(journeys[0]).toMatchObject([{ stage: "act", attempt: 1, heldMs: expect.closeTo(675, 0) }]);
    expect(journeys[0]![0]!.queueWaitMs).toBeGreaterThanOrEqual(journeys[0]![0]!.heldMs!);
    expect((startedAt[1] ?? 0) - (startedAt[0] ?? 0)).toBeGreaterThanOrEqual(590);
  });

  describe("what calls cost stays on the bill", () => {
    const call: ProviderAttempt = {
      provider: "openai",
      model: "m",
      outcome: "succeeded",
      latencyMs: 3,
      usage: usageSchema.parse({ inputTokens: 10, outputTokens: 2 }),
      costUsd: 0.25,
    };

    test("when a rate limit asks for more time than is left, at once and with the provider's code", async () => {
      await queue.start("act", async (_message, context) => {
        context.recordCall(call);
        throw new NocpError("PROVIDER_RATE_LIMITED", "slow down", { retryAfterMs: 600_000 });
      });
      const result = await queue.client.ask({ query: "hello", limits: { timeoutMs: 300_000 } });
      expect(result).toMatchObject({ error: { code: "PROVIDER_RATE_LIMITED" }, attempts: [call], cost: { usd: 0.25 } });
    });

    test("when the deadline fires while the handler works", async () => {
      await queue.start("act", (_message, context) => {
        context.recordCall(call);
        return new Promise(() => {});
      });
      const result = await queue.client.ask({ query: "hello", limits: { timeoutMs: 1500 } });
      expect(result).toMatchObject({ error: { code: "DEADLINE_EXCEEDED" }, attempts: [call], cost: { usd: 0.25 } });
    });
  });

  test("a failed result has the route that led to no answer", async () => {
    const route = {
      ...{ line: "nobody answered; a/m failed (PROVIDER_AUTH)", strategy: "ordered" },
      candidates: [{ provider: "a", model: "m", outcome: "failed" as const, why: "PROVIDER_AUTH" }],
    };
    await queue.start("act", async (_message, context) => {
      context.recordRoute(route);
      throw new NocpError("PROVIDER_AUTH", "wrong key");
    });
    expect(await queue.client.ask({ query: "hello" })).toMatchObject({ error: { code: "PROVIDER_AUTH" }, route });
  });

  test("a handler that hangs past the deadline is left behind, and the caller gets a failed result", async () => {
    await queue.start("act", () => new Promise(() => {}));
    const result = await queue.client.ask({ query: "hello", limits: { timeoutMs: 300 } });
    expect(result).toMatchObject({ status: "failed", error: { code: "DEADLINE_EXCEEDED" } });
    expect(await queue.client.deadLetters.list(10)).toEqual([]);
  });

  test("a request whose deadline has passed is not started", async () => {
    let starts = 0;
    await queue.start("act", async (message, context) => {
      starts += 1;
      return toolsCompleted(message, context);
    });
    const result = await queue.client.ask({ query: "hello", limits: { deadlineAt: new Date(Date.now() - 1000).toISOString() } });
    expect(result.error?.code).toBe("DEADLINE_EXCEEDED");
    expect(starts).toBe(0);
  });

  const deepRequest = `{"query":"q","tools":[{"name":"t","arguments":{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}}]}`;
  test.each([
    ["no JSON", "{rubbish", "INVALID_JSON", "not JSON"],
    ["an empty body", "", "INVALID_JSON", "empty"],
    ["a wrong type", JSON.stringify({ query: 5 }), "INVALID_REQUEST", "query"],
    ["an unknown field", JSON.stringify({ query: "q", colour: "red" }), "INVALID_REQUEST", "colour"],
    ["an unknown nested field", JSON.stringify({ query: "q", limits: { colour: 1 } }), "INVALID_REQUEST", "limits.colour"],
    ["a path as session id", JSON.stringify({ query: "q", session: { id: "../../etc" } }), "INVALID_REQUEST", "session.id"],
    ["another request id", JSON.stringify({ query: "q", requestId: randomUUID() }), "INVALID_REQUEST", "requestId"],
    ["nothing to answer", "{}", "INVALID_REQUEST", "query"],
    ["what is nested deeper than the stack", deepRequest, "INVALID_REQUEST", "levels"],
  ])("%s from a bare publisher ends in a failed result that says what is wrong", async (_what, body, code, words) => {
    await queue.start("act", toolsCompleted);
    const requestId = randomUUID();
    const waiting = queue.client.result(requestId, { timeoutMs: 60_000 });
    queue.broker.connection.publish(
      factSubject("request.submitted", { tenant: "default", lane: "interactive", requestId }),
      body,
    );
    const result = await waiting;
    expect(result.error?.code).toBe(code);
    expect(result.error?.message).toContain(words);
    expect((await queue.client.deadLetters.list(1))[0]?.letter.requestId).toBe(requestId);
  });

  test("a subject that no stage reads is refused instead of waiting for ever", async () => {
    await expect(queue.broker.jetstream.publish("nocp.v2.request.submitted.default.fast.abc", "{}")).rejects.toThrow();
    await expect(queue.broker.jetstream.publish("nocp.v2.request.submitted.default.interactive.a.b", "{}")).rejects.toThrow();
  });
});

describe("identity", () => {
  test("a request that is submitted twice runs once", async () => {
    let starts = 0;
    const request = { requestId: randomUUID(), query: "hello" };
    expect((await queue.client.submit(request)).duplicate).toBe(false);
    expect((await queue.client.submit(request)).duplicate).toBe(true);
    await queue.start("act", async (message, context) => {
      starts += 1;
      return toolsCompleted(message, context);
    });
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the emission");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(starts).toBe(1);
  });

  test("emissions of a redelivery are dropped, so that a request never forks", async () => {
    let starts = 0;
    const requestId = randomUUID();
    const handle: Handle<"act"> = async (message, context) => {
      starts += 1;
      return toolsCompleted(message, context);
    };
    await queue.start("act", handle);
    await queue.client.submit({ requestId, query: "hello" });
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the first emission");
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the first acknowledgement");
    // The same message once more, as after an acknowledgement that was lost: same id, past the ingress's window.
    await queue.broker.jetstream.publish(
      factSubject("request.submitted", { tenant: "default", lane: "interactive", requestId }),
      JSON.stringify({ query: "hello" }),
    );
    await waitFor(() => starts === 2, "the second start");
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the acknowledgement");
    expect(await queue.messagesIn("NOCP_ASSESS")).toBe(1);
  });

  test("the first result stands, and a second one changes neither it nor its transaction", async () => {
    const requestId = randomUUID();
    const results: NocpResult[] = [];
    await queue.start("act", async () => {
      throw new NocpError("CANCELLED", "first");
    });
    results.push(await queue.client.ask({ requestId, query: "hello" }));
    await queue.broker.jetstream.publish(
      factSubject("request.submitted", { tenant: "default", lane: "batch", requestId }),
      "{rubbish",
    );
    await waitFor(async () => (await queue.messagesIn("NOCP_DLQ")) === 1, "the second failure");
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the acknowledgement");
    results.push(await queue.client.result(requestId));
    expect(results.map((result) => result.error?.code)).toEqual(["CANCELLED", "CANCELLED"]);
    expect(await queue.messagesIn("NOCP_RESULTS")).toBe(1);
  });
});

describe("dead letters", () => {
  test("a redriven message gets a new deadline and a new result", async () => {
    let broken = true;
    const stage = await queue.start("act", async () => {
      if (broken) throw new NocpError("TOOL_OUTPUT_TOO_LARGE", "broken");
      throw new NocpError("CANCELLED", "mended");
    });
    const first = await queue.client.ask({ query: "hello" });
    expect(first.error?.code).toBe("TOOL_OUTPUT_TOO_LARGE");
    broken = false;
    await queue.client.deadLetters.redrive(first.requestId, 60_000);
    await waitFor(
      async () =>
        (await queue.broker.results.get({ tenant: "default", requestId: first.requestId }))?.error?.code === "CANCELLED",
      "the new result",
    );
    expect(await queue.client.deadLetters.list(10)).toEqual([]);
    expect(stage.runner.state).toBe("running");
  });
});

describe("cancelling", () => {
  test("a request that is being handled is aborted and answered", async () => {
    let aborted = false;
    await queue.start("act", async (_message, context) => {
      await new Promise((_, reject) => context.signal.addEventListener("abort", () => reject(context.signal.reason)));
      aborted = true;
      return [];
    });
    const { requestId } = await queue.client.submit({ query: "hello" });
    await waitFor(
      async () => (await queue.broker.manager.consumers.info(topology.act.stream, "act-interactive")).num_ack_pending === 1,
      "the start",
    );
    const result = await queue.client.cancel(requestId);
    expect(result.error?.code).toBe("CANCELLED");
    expect(aborted).toBe(false);
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the end");
  });

  test("a request that still waits is taken off the queue and answered", async () => {
    const { requestId } = await queue.client.submit({ query: "hello" });
    const result = await queue.client.cancel(requestId);
    expect(result).toMatchObject({ status: "failed", error: { code: "CANCELLED" } });
    expect(await queue.messagesIn("NOCP_ACT")).toBe(0);
  });
});
