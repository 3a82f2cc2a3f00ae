// A tenant's messages pass the line of another: what becomes of copies and originals.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { factSubject, type QueueLane } from "@nocp/contracts/topology.ts";
import { mayRepeatHeader, messageIdHeader } from "@nocp/runtime/stage/message-headers.ts";
import type { DeliveredMessage, Passing } from "@nocp/runtime/stage/transport.ts";
import { emptyToolsCompleted, waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { claimsBucket } from "@nocp/runtime/transport/claim-check.ts";
import { createStageTransport } from "@nocp/runtime/transport/stage-transport.ts";
import { afterEach, describe, expect, test } from "vitest";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue({ concurrency: 2 });
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const margin = 2;

/** @returns the request's id. */
async function publish(tenant: string, query = "?", lane: QueueLane = "interactive"): Promise<string> {
  const requestId = createRequestId();
  const subject = factSubject("request.submitted", { tenant, lane, requestId });
  const body = new TextEncoder().encode(JSON.stringify({ query }));
  await queue.broker.publisher.publish({ subject, tenant, body, messageId: `${tenant}.${requestId}` }, { aborted: false });
  return requestId;
}

const publishLine = (length: number): Promise<string[]> => Promise.all(Array.from({ length }, () => publish("busy")));

const passing = (): Passing => {
  const { passing: found } = createStageTransport(queue.broker);
  if (!found) throw new Error("nothing waits in a line");
  return found;
};
const letOtherPass = (): Promise<string[]> => passing().letPass("act", ["other"], { most: 1, margin });

/** Takes messages off a lane, and settles none. */
async function take(lane: QueueLane, count: number): Promise<DeliveredMessage[]> {
  const taken: DeliveredMessage[] = [];
  const source = createStageTransport(queue.broker).consume("act", lane, {
    room: () => count - taken.length,
    onMessage: (message) => void taken.push(message),
    onProblem: () => undefined,
  });
  ends.push(() => source.close());
  await waitFor(() => taken.length === count, `${count} messages`);
  return taken;
}

/** A stage that takes its time. @returns what it started, in order. */
async function startAct(workMs = 10): Promise<{ requestId: string; attempt: number; submittedAt: number; query: string }[]> {
  const started: { requestId: string; attempt: number; submittedAt: number; query: string }[] = [];
  await queue.start("act", async (message, context) => {
    const query = message.fact === "request.submitted" ? (message.body.query ?? "") : "";
    started.push({ requestId: context.requestId, attempt: context.attempt, submittedAt: context.submittedAt, query });
    await new Promise((resolve) => setTimeout(resolve, workMs));
    return emptyToolsCompleted(message, context);
  });
  return started;
}
const untilHandled = (count: number) =>
  waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0 && (await queue.messagesIn("NOCP_ASSESS")) === count, "all");

describe("copying", () => {
  test("two who copy the same message store one copy", async () => {
    await publishLine(10);
    await publish("other");
    await Promise.all([letOtherPass(), letOtherPass(), letOtherPass()]);
    expect(await queue.messagesIn("NOCP_ACT")).toBe(12);
    expect(await take("passing", 1)).toHaveLength(1);
  });

  test("nobody passes who is near the head of the line, or while others are passing", async () => {
    await publish("busy");
    await publish("other");
    await publishLine(10);
    expect(await letOtherPass()).toEqual([]);
    await publish("other");
    expect(await letOtherPass()).toEqual(["other"]);
    await publish("third");
    expect(await passing().letPass("act", ["third"], { most: 1, margin })).toEqual([]);
    expect(await passing().tenantsInLine("act", margin)).toEqual(expect.arrayContaining(["busy", "other", "third"]));
    expect(await passing().tenantsInLine("act", 100)).toEqual([]);
  });
});

describe("claiming", () => {
  test("deletes the original first, and is granted again to who is handed the copy again", async () => {
    await publishLine(10);
    await publish("other");
    await letOtherPass();
    const [copy] = await take("passing", 1);
    expect(await passing().claim("act", copy!, margin)).toBe("handle");
    expect(await queue.messagesIn("NOCP_ACT")).toBe(11);
    expect(await passing().claim("act", copy!, margin)).toBe("handle");
    const waiting = await take("interactive", 10);
    expect(waiting.every(({ subject }) => subject.includes(".busy."))).toBe(true);
  });

  test("is refused when the original is at the head of the line meanwhile", async () => {
    await publishLine(4);
    await publish("other");
    await letOtherPass();
    const [copy] = await take("passing", 1);
    await take("interactive", 3);
    expect(await passing().claim("act", copy!, margin)).toBe("drop");
    expect(await queue.messagesIn("NOCP_ACT")).toBe(6);
  });

  test("is refused when the original was handed out, and its body stays", async () => {
    await publishLine(4);
    await publish("other", "x".repeat(700_000));
    await letOtherPass();
    const original = (await take("interactive", 5))[4]!;
    const [copy] = await take("passing", 1);
    expect(await passing().claim("act", copy!, margin)).toBe("drop");
    copy!.drop?.();
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 5, "the copy to go");
    expect((await original.body()).byteLength).toBeGreaterThan(700_000);
  });

  test("is granted for what was published to the passing lane, and of another request nothing is deleted", async () => {
    const [victim] = await publishLine(1);
    const requestId = createRequestId();
    await queue.broker.publisher.publish(
      {
        ...{ subject: factSubject("request.submitted", { tenant: "other", lane: "passing", requestId }), tenant: "other" },
        ...{ body: new TextEncoder().encode('{"query":"?"}'), messageId: requestId, headers: { "Nocp-Moved-From": "1" } },
      },
      { aborted: false },
    );
    const started = await startAct();
    await untilHandled(2);
    expect(started.map((start) => start.requestId).sort()).toEqual([victim, requestId].sort());
  });
});

test("what passes is handled once, as what it was: its time, its attempt, its body and the ids of what comes of it", async () => {
  await publishLine(60);
  const large = "x".repeat(700_000);
  const requestId = await publish("other", large);
  const { timestamp } = await queue.broker.manager.streams.getMessage("NOCP_ACT", { seq: 61 }).then((stored) => stored!);
  const started = await startAct(20);
  await untilHandled(61);
  expect(new Set(started.map((start) => start.requestId)).size).toBe(61);
  expect(started).toHaveLength(61);
  const place = started.findIndex((start) => start.requestId === requestId);
  expect(place).toBeLessThan(60);
  expect(started[place]).toMatchObject({ attempt: 1, query: large });
  expect(Math.abs((started[place]?.submittedAt ?? 0) - Date.parse(timestamp))).toBeLessThan(2);
  const next = { last_by_subj: factSubject("tools.completed", { tenant: "other", lane: "interactive", requestId }) };
  const emitted = await queue.broker.manager.streams.getMessage("NOCP_ASSESS", next);
  expect(emitted?.header.get(messageIdHeader)).toBe(`other.${requestId}>act.0`);
  expect(emitted?.header.get(mayRepeatHeader)).toBe("1");
  // The emission's own is left.
  await waitFor(async () => (await queue.messagesIn(`KV_${claimsBucket}`)) <= 3, "the body of the request to be deleted");
});

test("what waits in the passing lane is found by who asks whether it is stored", async () => {
  await publishLine(10);
  const requestId = await publish("other");
  await letOtherPass();
  const [copy] = await take("passing", 1);
  await passing().claim("act", copy!, margin);
  const { isStored } = createStageTransport(queue.broker);
  const request = { tenant: "other", requestId, lane: "interactive" } as const;
  expect(await isStored("request.submitted", request)).toBe(true);
  expect(await isStored("request.submitted", { ...request, lane: "batch" })).toBe(false);
});

test("a broker that is restarted between copy and claim loses and repeats nothing", async () => {
  await publishLine(10);
  await publish("other");
  await letOtherPass();
  await queue.server.restart();
  const started = await startAct();
  await untilHandled(11);
  expect(started).toHaveLength(11);
});

test("a cancelled request is taken off the passing lane, too", async () => {
  await publishLine(10);
  const requestId = await publish("other");
  await letOtherPass();
  expect(await createStageTransport(queue.broker).takeOffQueue("act", { tenant: "other", requestId })).toBe(true);
  expect(await queue.messagesIn("NOCP_ACT")).toBe(10);
});

describe("processes that die between copying, deleting and handling", () => {
  const deaths = ["copied", "claimed", "claimed", "copied"];

  interface Start {
    readonly requestId: string;
    readonly attempt: number;
  }

  const run = (diesAfter: string, starts: Start[], ended: string[]): ChildProcess => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "../fixtures/dying-stage.ts"), queue.server.url, diesAfter],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    ends.push(() => child.kill("SIGKILL"));
    let rest = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [what, requestId = "", attempt] = line.split(" ");
        if (what === "start") starts.push({ requestId, attempt: Number(attempt) });
        else ended.push(requestId);
      }
    });
    return child;
  };

  test("every request is handled, and again only what was in hand at a death", async () => {
    const ids: string[] = [];
    const starts: Start[] = [];
    const ended: string[] = [];
    const steady = run("nothing", starts, ended);
    for (const diesAfter of deaths) {
      const dying = run(diesAfter, starts, ended);
      // Until it dies there is a line, and others behind it.
      while (dying.exitCode === null && dying.signalCode === null) {
        if ((await queue.messagesIn("NOCP_ACT")) < 60) ids.push(...(await publishLine(40)));
        for (const tenant of ["other", "third", "fourth"]) ids.push(await publish(tenant));
        await once(dying, "exit", { signal: AbortSignal.timeout(100) }).catch(() => undefined);
      }
    }
    await untilHandled(ids.length);
    steady.kill("SIGTERM");
    await once(steady, "exit");

    expect(new Set(ended)).toEqual(new Set(ids));
    // Two run and one is being stored, in each process that died.
    const repeated = ids.filter((id) => ended.filter((other) => other === id).length > 1);
    expect(repeated.length).toBeLessThanOrEqual(3 * deaths.length);
    // The line may be handed out up to an original while it is deleted: then its start and the copy's are both the first.
    // With two slots, that is about one in 600; no more than one in a hundred is excused.
    const uncounted = ids.filter((id) => {
      const attempts = starts.filter(({ requestId }) => requestId === id).map(({ attempt }) => attempt);
      return attempts.some((attempt, at) => at > 0 && attempt <= (attempts[at - 1] ?? 0));
    });
    expect(uncounted.length).toBeLessThanOrEqual(ids.length / 100);
  });
});
