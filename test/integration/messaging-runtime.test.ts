import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { createClient } from "@nocp/client/create-client.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import { factSubject } from "@nocp/contracts/topology.ts";
import { emptyToolsCompleted, waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker, startTestStage, testSettings } from "@nocp/runtime/testing/stage-harness.ts";
import { claimsBucket } from "@nocp/runtime/transport/claim-check.ts";
import { newHeaders } from "@nocp/runtime/transport/message-headers.ts";
import { describe, expect, test } from "vitest";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue();

describe("M3: the lease", () => {
  test("a handler that takes longer than the lease is not started a second time", async () => {
    let starts = 0;
    queue.stages.push(
      await startTestStage(queue.broker, "act", async (message, context) => {
        starts += 1;
        await new Promise((resolve) => setTimeout(resolve, 2500));
        return emptyToolsCompleted(message, context);
      }),
    );
    await queue.client.submit({ query: "slow" });
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the emission");
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the acknowledgement");
    expect(starts).toBe(1);
  });

  test("messages that wait in the process keep their lease as well", async () => {
    const narrow = await openTestBroker(queue.server.url, { concurrency: 2 });
    const attempts: number[] = [];
    queue.stages.push(
      await startTestStage(narrow, "act", async (message, context) => {
        attempts.push(context.attempt);
        await new Promise((resolve) => setTimeout(resolve, 700));
        return emptyToolsCompleted(message, context);
      }),
    );
    await Promise.all(Array.from({ length: 6 }, () => queue.client.submit({ query: "slow" })));
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 6, "all emissions");
    expect(attempts).toEqual([1, 1, 1, 1, 1, 1]);
    await queue.stages.pop()?.stop();
    await narrow.close();
  });
});

describe("M4: attempts", () => {
  const startDeadly = (lines: string[]): ChildProcess => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "../fixtures/deadly-stage.ts"), queue.server.url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout?.on("data", (chunk: Buffer) => lines.push(...chunk.toString().trim().split("\n")));
    return child;
  };

  test("a message that kills the process ends in the dead-letter stream, and the ones beside it do not", async () => {
    const lines: string[] = [];
    let deaths = 0;
    let stopping = false;
    let child: ChildProcess;
    const keepAlive = () => {
      child = startDeadly(lines);
      child.once("exit", (_code, signal) => {
        if (signal === "SIGKILL") deaths += 1;
        if (!stopping && deaths < 20) keepAlive();
      });
    };
    const innocents = await Promise.all(Array.from({ length: 10 }, () => queue.client.submit({ query: "innocent" })));
    const poison = await queue.client.submit({ query: "poison" });
    keepAlive();
    try {
      const result = await queue.client.result(poison.requestId, { timeoutMs: 100_000 });
      expect(result.error?.code).toBe("ATTEMPTS_EXHAUSTED");
      await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === innocents.length, "the innocent ones");
    } finally {
      stopping = true;
    }
    const deathsByPoison = deaths;
    child!.kill("SIGTERM");
    const poisonStarts = lines.filter((line) => line.startsWith("start poison"));
    // One less: a first delivery that was lost with the process counts as a start, whether it had begun or not. One
    // more: the broker may forget the very first handing-out, of which nothing was recorded.
    expect(poisonStarts.length).toBeGreaterThanOrEqual(testSettings().maxAttempts - 1);
    expect(poisonStarts.length).toBeLessThanOrEqual(testSettings().maxAttempts + 1);
    expect(deathsByPoison).toBe(poisonStarts.length);
    expect((await queue.client.deadLetters.list(20)).map(({ letter }) => letter.requestId)).toEqual([poison.requestId]);
  });
});

describe("M6: stopping", () => {
  test("what runs is finished, what waits is given back uncounted", async () => {
    const first = await openTestBroker(queue.server.url, { concurrency: 2 });
    const stage = await startTestStage(first, "act", async (message, context) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return emptyToolsCompleted(message, context);
    });
    await Promise.all(Array.from({ length: 8 }, () => queue.client.submit({ query: "work" })));
    await waitFor(() => stage.runner.running === 2, "the first starts");
    await stage.stop();
    await first.close();
    expect(stage.runner.state).toBe("stopped");
    const done = await queue.messagesIn("NOCP_ASSESS");
    expect(done).toBeGreaterThanOrEqual(2);
    const attempts: number[] = [];
    queue.stages.push(
      await startTestStage(queue.broker, "act", async (message, context) => {
        attempts.push(context.attempt);
        return emptyToolsCompleted(message, context);
      }),
    );
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 8, "the rest");
    expect(attempts).toEqual(Array.from({ length: 8 - done }, () => 1));
  });

  test("a handler that outlasts the grace period is aborted, and its attempt does not count", async () => {
    const first = await openTestBroker(queue.server.url, { gracePeriodMs: 100 });
    let aborted = false;
    const stage = await startTestStage(first, "act", async (_message, context) => {
      await new Promise((_, reject) => context.signal.addEventListener("abort", () => reject(new Error("aborted"))));
      aborted = true;
      return [];
    });
    await queue.client.submit({ query: "work" });
    await waitFor(() => stage.runner.running === 1, "the start");
    await stage.stop();
    await first.close();
    expect(aborted).toBe(false);
    const attempts: number[] = [];
    queue.stages.push(
      await startTestStage(queue.broker, "act", async (message, context) => {
        attempts.push(context.attempt);
        return emptyToolsCompleted(message, context);
      }),
    );
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the emission");
    expect(attempts).toEqual([1]);
  });
});

describe("M8: claim checks", () => {
  test("a request of several megabytes arrives whole, and leaves nothing behind", async () => {
    const text = "A sentence about nothing in particular. ".repeat(100_000);
    const digest = (value: string) => createHash("sha256").update(value).digest("hex");
    let arrived = "";
    queue.stages.push(
      await startTestStage(queue.broker, "act", async (message, context) => {
        if (message.fact === "request.submitted") arrived = digest(message.body.documents[0]?.text ?? "");
        return emptyToolsCompleted(message, context);
      }),
    );
    await queue.client.submit({ query: "large", documents: [{ text }] });
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the emission");
    expect(arrived).toBe(digest(text));
    const assess: string[] = [];
    queue.stages.push(
      await startTestStage(queue.broker, "assess", async (message) => {
        if (message.fact === "tools.completed") assess.push(digest(message.body.request.documents[0]?.text ?? ""));
        return [];
      }),
    );
    await waitFor(() => assess.length === 1, "the next stage");
    expect(assess).toEqual([digest(text)]);
    // Two bodies travelled.
    await waitFor(async () => (await queue.messagesIn("KV_nocp_claims")) === 0, "the stored bodies' deletion");
  });

  test("a body that was tampered with is refused", async () => {
    queue.stages.push(await startTestStage(queue.broker, "act", emptyToolsCompleted));
    const text = "x".repeat(900_000);
    const stage = queue.stages.pop();
    await stage?.stop();
    const { requestId } = await queue.client.submit({ query: "large", documents: [{ text }] });
    const { state } = await queue.broker.manager.streams.info("KV_nocp_claims", {
      subjects_filter: "$KV.nocp_claims.default.*.0",
    });
    await queue.broker.jetstream.publish(Object.keys(state.subjects ?? {})[0] ?? "", "{}");
    queue.stages.push(await startTestStage(queue.broker, "act", emptyToolsCompleted));
    const result = await queue.client.result(requestId, { timeoutMs: 60_000 });
    expect(result.error?.code).toBe("CLAIM_MISSING");
  });

  test("a body that another tenant stored is refused", async () => {
    const headers = newHeaders();
    const body = encodeJson({ query: "large", documents: [{ text: "x".repeat(900_000) }] });
    await queue.broker.claims.deposit(claimsBucket, "acme", body, headers);
    const address = { tenant: "other", lane: "interactive", requestId: randomUUID() } as const;
    queue.broker.connection.publish(factSubject("request.submitted", address), "", { headers });
    queue.stages.push(await startTestStage(queue.broker, "act", emptyToolsCompleted));
    const result = await queue.client.result(address.requestId, { timeoutMs: 60_000, tenant: "other" });
    expect(result).toMatchObject({
      tenant: "other",
      error: { code: "CLAIM_MISSING", message: expect.stringContaining("not of other") },
    });
  });

  test("a request over the limit is refused with a number", async () => {
    const documents = [{ text: "y".repeat(20_000_000) }];
    await expect(queue.client.submit({ query: "huge", documents })).rejects.toMatchObject({ code: "REQUEST_TOO_LARGE" });
    const generous = await createClient({ natsUrl: queue.server.url, maxRequestBytes: 1e9 });
    queue.stages.push(await startTestStage(queue.broker, "act", emptyToolsCompleted));
    const result = await generous.ask({ query: "huge", documents });
    await generous.close();
    expect(result.error?.code).toBe("REQUEST_TOO_LARGE");
    expect(result.error?.message).toContain(String(16 * 1024 * 1024));
  });
});

describe("an outage of the broker", () => {
  test("messages in hand are finished after a restart, and nothing is lost", async () => {
    queue.stages.push(
      await startTestStage(queue.broker, "act", async (message, context) => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        return emptyToolsCompleted(message, context);
      }),
    );
    await Promise.all(Array.from({ length: 50 }, () => queue.client.submit({ query: "work" })));
    await queue.server.kill();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await queue.server.restart();
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) >= 50, "all emissions");
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "all acknowledgements");
  });
});

describe("two lanes", () => {
  test("interactive work overtakes a full batch lane, and neither stands still", async () => {
    const narrow = await openTestBroker(queue.server.url, { concurrency: 4 });
    const order: string[] = [];
    const both = Promise.withResolvers<void>();
    await Promise.all(Array.from({ length: 12 }, () => queue.client.submit({ query: "batch", lane: "batch" })));
    const stage = await startTestStage(narrow, "act", async (message, context) => {
      order.push(context.lane);
      await both.promise;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return emptyToolsCompleted(message, context);
    });
    await waitFor(() => order.length >= 3, "the batch lane's start");
    await Promise.all(Array.from({ length: 6 }, () => queue.client.submit({ query: "interactive" })));
    await waitFor(() => order.includes("interactive"), "the interactive lane's start");
    both.resolve();
    await waitFor(() => order.length === 18, "all starts");
    await stage.stop();
    await narrow.close();
    const lastInteractive = order.lastIndexOf("interactive");
    expect(lastInteractive).toBeLessThan(order.length - 1);
    expect(order.slice(0, lastInteractive)).toContain("batch");
  });
});
