import { describe, expect, test } from "vitest";
import { brokerMessageOf, parseAckSubject } from "./broker-message.ts";
import { isAtLeast, serverCapabilities } from "./server-capabilities.ts";

describe("the subject a delivery is acknowledged on", () => {
  test.each([
    ["of servers without domains", "$JS.ACK.NOCP_ACT.act-interactive.2.41.57.1700000000000000000.3"],
    ["of servers with domains", "$JS.ACK._.hash.NOCP_ACT.act-interactive.2.41.57.1700000000000000000.3"],
    ["with a token appended", "$JS.ACK._.hash.NOCP_ACT.act-interactive.2.41.57.1700000000000000000.3.random"],
  ])("%s says where the message stands", (_which, subject) => {
    expect(parseAckSubject(subject)).toEqual({ deliveryCount: 2, streamSequence: 41, handoutSequence: 57, storedAtNs: 1.7e18 });
  });

  test.each(["", "_INBOX.abc", "$JS.ACK.too.short", "$JS.ACK.a.b.x.y.z.0.0"])("nothing else does: %s", (subject) => {
    expect(parseAckSubject(subject)).toBeUndefined();
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
    expect(serverCapabilities("2.9.10")).toEqual({ termReason: false });
    expect(serverCapabilities("2.10.4")).toEqual({ termReason: true });
  });
});

describe("what settles a message", () => {
  const framesOf = (settle: (message: NonNullable<ReturnType<typeof brokerMessageOf>>) => void, termReason = true): string[] => {
    const frames: string[] = [];
    const reply = "$JS.ACK.NOCP_ACT.act-interactive.1.41.57.1700000000000000000.3";
    const message = { subject: "s", reply, data: new Uint8Array() };
    const outbox = { publish: (subject: string, frame: string) => void (subject === reply && frames.push(frame)) };
    const claims = { claimedBytes: () => 0 };
    settle(brokerMessageOf(message as never, { claims, outbox, capabilities: { termReason } } as never) as never);
    return frames;
  };

  test("is an ack frame of JetStream, with delays in nanoseconds", () => {
    expect(framesOf((message) => message.ack())).toEqual(["+ACK"]);
    expect(framesOf((message) => message.renew())).toEqual(["+WPI"]);
    expect(framesOf((message) => message.giveBack(0))).toEqual(["-NAK"]);
    expect(framesOf((message) => message.giveBack(1500))).toEqual(['-NAK {"delay":1500000000}']);
  });

  test("says why it was terminated where the server understands that", () => {
    expect(framesOf((message) => message.terminate("INVALID_MESSAGE"))).toEqual(["+TERM INVALID_MESSAGE"]);
    expect(framesOf((message) => message.terminate("INVALID_MESSAGE"), false)).toEqual(["+TERM"]);
  });
});
