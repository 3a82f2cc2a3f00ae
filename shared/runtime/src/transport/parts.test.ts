import { deadlineOf } from "@nocp/contracts/deadline.ts";
import { latencyOf } from "@nocp/contracts/latency.ts";
import { durableFilter, parseFactSubject, streamSubjects } from "@nocp/contracts/topology.ts";
import { describe, expect, test } from "vitest";
import { giveBackWord, parseAckSubject } from "./broker-message.ts";
import { Delivery } from "./delivery.ts";
import { emissionId, redriveId, redriveOf } from "./message-id.ts";
import { isAtLeast, serverCapabilities } from "./server-capabilities.ts";

describe("a delivery", () => {
  const settledWith: string[] = [];
  const message = {
    subject: "s",
    body: new Uint8Array(),
    headers: undefined,
    streamSequence: 7,
    deliveryCount: 1,
    storedAt: 0,
    settle: (word: string) => void settledWith.push(word),
    confirm: async (word: string) => void settledWith.push(word),
  };

  test("is settled once: a second time is a fault, not a second word to the broker", () => {
    const delivery = new Delivery(message, "interactive", "act-interactive");
    delivery.ack();
    expect(() => delivery.ack()).toThrow("settled twice");
    expect(() => delivery.giveBack(0)).toThrow("settled twice");
    delivery.renew();
    expect(settledWith).toEqual(["+ACK"]);
  });

  test("is given back in nanoseconds", () => {
    expect(giveBackWord(0)).toBe("-NAK");
    expect(giveBackWord(1500)).toBe('-NAK {"delay":1500000000}');
  });
});

describe("the subject a delivery is acknowledged on", () => {
  test.each([
    ["of servers without domains", "$JS.ACK.NOCP_ACT.act-interactive.2.41.57.1700000000000000000.3"],
    ["of servers with domains", "$JS.ACK._.hash.NOCP_ACT.act-interactive.2.41.57.1700000000000000000.3"],
    ["with a token appended", "$JS.ACK._.hash.NOCP_ACT.act-interactive.2.41.57.1700000000000000000.3.random"],
  ])("%s says where the message stands", (_which, subject) => {
    expect(parseAckSubject(subject)).toEqual({ deliveryCount: 2, streamSequence: 41, storedAtNs: 1.7e18 });
  });

  test.each(["", "_INBOX.abc", "$JS.ACK.too.short", "$JS.ACK.a.b.x.y.z.0.0"])("nothing else does: %s", (subject) => {
    expect(parseAckSubject(subject)).toBeUndefined();
  });
});

describe("message ids", () => {
  test("are derived from the input, so that a redelivery publishes the same ones", () => {
    expect(emissionId("request>act.0", "assess", 0)).toBe("request>act.0>assess.0");
  });

  test("count redrives", () => {
    const once = redriveId("request>act.0", 1);
    expect([redriveOf("request>act.0"), redriveOf(once), redriveOf(redriveId(once, 2))]).toEqual([0, 1, 2]);
  });
});

describe("the server's version", () => {
  test.each([
    ["2.9.10", "2.9.10", true],
    ["2.9.9", "2.9.10", false],
    ["2.10.0", "2.9.10", true],
    ["2.12.0-beta.1", "2.12.0", true],
    ["3.0", "2.12.4", true],
    ["rubbish", "2.9.10", false],
  ])("%s is at least %s: %s", (version, least, expected) => {
    expect(isAtLeast(version, least)).toBe(expected);
  });

  test("decides what may be used", () => {
    expect(serverCapabilities("2.9.10")).toMatchObject({ termReason: false, metadata: false, messageTtl: false });
    expect(serverCapabilities("2.12.2")).toMatchObject({ termReason: true, metadata: true, messageTtl: true });
  });
});

describe("the topology", () => {
  test("a durable reads one filter, also where a stage consumes two facts", () => {
    expect(durableFilter("act", "batch")).toBe("nocp.v1.*.*.batch.*");
    expect(durableFilter("assess", "interactive")).toBe("nocp.v1.tools.completed.interactive.*");
  });

  test("a stream covers only what a durable reads", () => {
    expect(streamSubjects("assess")).toEqual(["nocp.v1.tools.completed.interactive.*", "nocp.v1.tools.completed.batch.*"]);
  });

  test.each([
    "nocp.v1.request.submitted.fast.x",
    "nocp.v2.request.submitted.batch.x",
    "nocp.v1.request.submitted.batch",
    "a.b.c.d.e.f",
  ])("%s is no fact", (subject) => {
    expect(parseFactSubject(subject)).toBeUndefined();
  });
});

describe("the deadline", () => {
  test.each([
    ["the default counts from acceptance", {}, 1500],
    ["a time-out counts from acceptance", { timeoutMs: 20 }, 1020],
    ["an absolute one stands", { deadlineAt: new Date(5000).toISOString() }, 5000],
    ["the earlier one counts", { timeoutMs: 20, deadlineAt: new Date(5000).toISOString() }, 1020],
  ])("%s", (_sentence, limits, expected) => {
    expect(deadlineOf(limits, 1000, 500)).toBe(expected);
  });
});

test("a request's time is split by stage, and the model's wait is not the router's work", () => {
  const record = (stage: string, workMs: number) => ({ stage, attempt: 1, queueWaitMs: 1, workMs });
  const attempt = { provider: "p", model: "m", outcome: "succeeded", latencyMs: 90, costUsd: null } as const;
  expect(
    latencyOf(
      [record("act", 5), record("assess", 7), record("llm-router", 100), record("articulate", 3)],
      [attempt, { ...attempt, purpose: "compression" as const }],
      200,
    ),
  ).toEqual({
    totalMs: 200,
    queueWaitMs: 4,
    actMs: 5,
    assessMs: 7,
    modelMs: 90,
    routerMs: 10,
    articulateMs: 3,
  });
});
