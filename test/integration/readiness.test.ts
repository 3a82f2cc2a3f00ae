// What /readyz says when the broker lacks something or stores nothing, and that the service recovers and nothing is lost.
import { defineStageService, runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import type { ServiceResources } from "@nocp/runtime/service/service-frame.ts";
import { emptyToolsCompleted, waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createTestHost, type TestHost } from "../fixtures/test-host.ts";
import { openTestQueue, type TestQueue } from "../fixtures/test-queue.ts";

interface Readiness {
  readonly status: string;
  readonly reason?: string;
  readonly cause?: string;
  readonly recreated?: string;
}

interface Rig {
  readonly queue: TestQueue;
  /** act as a service of this process. @returns asks its /readyz. */
  runAct(environment?: Readonly<Record<string, string>>): Promise<() => Promise<Readiness>>;
  isHandled(): Promise<void>;
}

const memoryBucket = "KV_nocp_breakers";

/** A handler whose service has opened buckets and does not use them. */
async function openBuckets({ sharedState, secret }: ServiceResources) {
  await sharedState("breakers", z.unknown());
  await secret("context");
  return emptyToolsCompleted;
}

/** A queue and services of this test alone: the tests run beside each other, and do little but wait. */
async function withRig(run: (rig: Rig) => Promise<void>): Promise<void> {
  const queue = await openTestQueue();
  const hosts: TestHost[] = [];
  try {
    await run({
      queue,
      async runAct(environment = {}) {
        const host = createTestHost({ NATS_URL: queue.server.url, ...environment });
        hosts.push(host);
        await runStageService(defineStageService({ stage: "act", sections: [], create: openBuckets }), host);
        const port = host.log.find(({ msg }) => msg === "running")?.port;
        return async () => (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as Readiness;
      },
      async isHandled() {
        const before = await queue.messagesIn("NOCP_ASSESS");
        await queue.client.submit({ query: "hello" });
        await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) > before, "the emission");
      },
    });
  } finally {
    for (const host of hosts) {
      host.sendStopSignal();
      await host.exited;
    }
    await queue.close();
  }
}

async function told(ask: () => Promise<Readiness>, says: (readiness: Readiness) => boolean): Promise<Readiness> {
  let readiness: Readiness | undefined;
  await waitFor(async () => {
    readiness = await ask();
    return says(readiness);
  }, "what /readyz is to say").catch((error: unknown) => {
    throw new Error(`it says ${JSON.stringify(readiness)}`, { cause: error });
  });
  return readiness as Readiness;
}

describe.concurrent("what somebody deleted is named, made anew, and the service works on", () => {
  test.each([
    ["the stream of the service", "NOCP_ACT", ({ broker }: TestQueue) => broker.manager.streams.delete("NOCP_ACT")],
    ["the stream of the next", "NOCP_ASSESS", ({ broker }: TestQueue) => broker.manager.streams.delete("NOCP_ASSESS")],
    ["a consumer", "act-interactive", ({ broker }: TestQueue) => broker.manager.consumers.delete("NOCP_ACT", "act-interactive")],
    ...["KV_nocp_attempts", "KV_nocp_secrets", memoryBucket].map(
      (bucket) => ["a bucket", bucket, ({ broker }: TestQueue) => broker.manager.streams.delete(bucket)] as const,
    ),
  ] as const)("%s: %s", (_what, name, destroy) =>
    withRig(async ({ queue, runAct, isHandled }) => {
      const ask = await runAct({ NOCP_MESSAGING_PROVISION: name.startsWith("KV_") ? "await" : "ensure" });
      await isHandled();
      await destroy(queue);
      await told(ask, ({ recreated, reason }) => `${recreated} ${reason}`.includes(name));
      await told(ask, ({ status }) => status === "ready");
      await isHandled();
    }),
  );

  test("the bucket of large bodies, and a large request is handled", () =>
    withRig(async ({ queue, runAct }) => {
      const ask = await runAct();
      const submitLarge = () => queue.client.submit({ query: "q", documents: [{ text: "x".repeat(700_000) }] });
      await submitLarge();
      await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the emission");
      await queue.broker.manager.streams.delete("KV_nocp_claims");
      await told(ask, ({ recreated }) => recreated?.includes("KV_nocp_claims") ?? false);
      await submitLarge();
      await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 2, "the second emission");
    }));

  test("a consumer, with messages waiting: none of them is lost", () =>
    withRig(async ({ queue, runAct }) => {
      const { manager } = queue.broker;
      await manager.consumers.delete("NOCP_ACT", "act-interactive");
      for (let number = 0; number < 20; number++) await queue.client.submit({ query: "hello" });
      await runAct();
      await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 20, "all emissions");
    }));
});

test.concurrent("a service that only verifies is not ready while a stream is missing, says what to do, and recovers", () =>
  withRig(async ({ queue, runAct }) => {
    const ask = await runAct({ NOCP_MESSAGING_PROVISION: "verify" });
    await queue.broker.manager.streams.delete("NOCP_DLQ");
    const unready = await told(ask, ({ status }) => status === "unready");
    expect(unready).toMatchObject({ cause: "missing", reason: expect.stringMatching(/NOCP_DLQ.*nocp setup --streams/) });
    await queue.broker.provision();
    await told(ask, ({ status }) => status === "ready");
  }));

test.concurrent("a broker that is away is named, and the service is ready when it is back", () =>
  withRig(async ({ queue, runAct, isHandled }) => {
    const ask = await runAct();
    await queue.server.kill();
    expect(await told(ask, ({ status }) => status === "unready")).toMatchObject({ reason: "not connected to NATS" });
    await queue.server.restart();
    await told(ask, ({ status }) => status === "ready");
    await isHandled();
    // What it kept in memory is gone with it, and nothing to tell an operator of.
    const { streams } = queue.broker.manager;
    await waitFor(
      () =>
        streams.info(memoryBucket).then(
          () => true,
          () => false,
        ),
      "the bucket to be there again",
    );
    expect((await ask()).recreated ?? "").not.toContain(memoryBucket);
  }));

test.concurrent("a broker that keeps its connections and stores nothing is named, and the service is ready when it stores again", () =>
  withRig(async ({ queue, runAct, isHandled }) => {
    const ask = await runAct();
    await queue.server.pause();
    try {
      const unready = await told(ask, ({ status }) => status === "unready");
      expect(unready).toMatchObject({ cause: "storage", reason: expect.stringContaining("NATS stores nothing") });
    } finally {
      await queue.server.resume();
    }
    await told(ask, ({ status }) => status === "ready");
    await isHandled();
  }));
