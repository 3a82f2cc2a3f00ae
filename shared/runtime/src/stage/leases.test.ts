import { afterEach, describe, expect, test } from "vitest";
import { createLeases, type Leases } from "./leases.ts";
import type { DeliveredMessage } from "./transport.ts";

const ackWaitMs = 3_000;
const open: Leases[] = [];
afterEach(() => {
  for (const leases of open.splice(0)) leases.close();
});

function world() {
  const clock = { now: 1_000_000 };
  const leases = createLeases({
    ...{ stage: "llm-router", lastSequenceBefore: 10, ackWaitMs, duplicateWindowMs: 60_000 },
    ...{ onForgotten: () => undefined, now: () => clock.now },
  });
  open.push(leases);
  const message = (streamSequence: number): DeliveredMessage => ({
    ...{
      subject: "s",
      headers: undefined,
      streamSequence,
      handoutSequence: streamSequence,
      deliveryCount: 1,
      storedAt: clock.now,
    },
    ...{ body: () => new Uint8Array(0), bodyBytes: 0 },
    ...{ renew: () => undefined, ack: () => undefined, terminate: () => undefined, giveBack: () => undefined },
  });
  return { clock, leases, message, hold: (streamSequence: number) => leases.hold(message(streamSequence), "interactive")! };
}
const none = { mayBeRedelivered: false, mayBeRepeated: false };
const all = { mayBeRedelivered: true, mayBeRepeated: true };

describe("a delivery that waits for its start", () => {
  test("is the first of its message while nothing happens", () => {
    const { clock, leases, hold } = world();
    const held = hold(11);
    clock.now += ackWaitMs / 2;
    expect(leases.doubts(held)).toEqual(none);
  });

  test("through an outage may have been handed to another replica meanwhile", () => {
    const { clock, leases, hold } = world();
    const held = hold(11);
    clock.now += 100;
    leases.distrust();
    expect(leases.doubts(held)).toEqual(all);
    clock.now += 100;
    leases.trust(11);
    expect(leases.doubts(held)).toEqual(all);
  });

  test("past its lease, which nobody renewed, may have been handed to another replica", () => {
    const { clock, leases, hold } = world();
    const held = hold(11);
    clock.now += ackWaitMs + 1;
    expect(leases.doubts(held)).toEqual(all);
  });

  test("and came after an outage is judged by when it came", () => {
    const { clock, leases, hold } = world();
    leases.distrust();
    clock.now += 100;
    leases.trust(20);
    clock.now += 60_001;
    expect(leases.doubts(hold(21))).toEqual(none);
  });
});

test("the time since an outage begins when the broker is trusted again", () => {
  const { clock, leases } = world();
  expect(leases.sinceOutageMs()).toBe(Number.POSITIVE_INFINITY);
  leases.distrust();
  clock.now += 500;
  expect(leases.sinceOutageMs()).toBe(0);
  leases.trust(10);
  clock.now += 700;
  expect(leases.sinceOutageMs()).toBe(700);
});

describe("a copy that passed the line", () => {
  const subject = "nocp.v2.tools.completed.acme.interactive.01890a5d-ac96-774b-bcce-b302099a8057";

  test("may be a repeat of its original, however new it is", () => {
    const { leases, message } = world();
    const held = leases.hold({ ...message(11), movedFrom: 4 }, "passing")!;
    expect(leases.doubts(held).mayBeRedelivered).toBe(true);
    expect(held.delivery.lane).toBe("interactive");
    expect(held.delivery.key).toBe("llm-router-passing.11");
  });

  test("is in hand for its tenant as what waited in the line is, and batch requests are not", () => {
    const { leases, message } = world();
    leases.hold({ ...message(11), subject }, "interactive");
    leases.hold({ ...message(12), subject, movedFrom: 4 }, "passing");
    leases.hold({ ...message(13), subject: subject.replace("interactive", "batch") }, "batch");
    expect(leases.heldByTenant()).toEqual(new Map([["acme", 2]]));
  });
});
