import type { FactAddress } from "@nocp/contracts/topology.ts";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, test, vi } from "vitest";
import type { Handover } from "../stage/handover.ts";
import type { DeliveredMessage } from "../stage/transport.ts";
import { createStageLinks } from "./stage-links.ts";

const address: FactAddress = { tenant: "acme", lane: "batch", requestId: "0190a5d2-7c5e-7000-8000-000000000001" };
const handover = (more: Partial<Handover> = {}): Handover => ({
  fact: "completion.received",
  address,
  content: { answer: 42 },
  messageId: "acme.r>act.0",
  traceContext: ROOT_CONTEXT,
  mayBeRepeated: false,
  mayBeRedelivered: false,
  lostStarts: 0,
  ...more,
});

function linked() {
  const links = createStageLinks(() => 1000);
  const received: DeliveredMessage[] = [];
  const source = links.consume("articulate", "batch", { onMessage: (message) => void received.push(message) });
  const newest = (): DeliveredMessage => {
    const message = received.at(-1);
    if (message === undefined) throw new Error("nothing was handed out");
    return message;
  };
  return { links, received, newest, source };
}

describe("a message that is handed over", () => {
  test("is at its stage at once, as a stored one would be", () => {
    const { links, newest } = linked();
    void links.handOver(handover({ mayBeRepeated: true }));
    const { subject, storedAt, deliveryCount, headers } = newest();
    expect({ subject, storedAt, deliveryCount }).toEqual({
      subject: `nocp.v2.completion.received.acme.batch.${address.requestId}`,
      storedAt: 1000,
      deliveryCount: 1,
    });
    expect(headers?.keys().map((name) => [name, headers.get(name)])).toEqual([
      ["Nats-Msg-Id", "acme.r>act.0"],
      ["Nocp-May-Repeat", "1"],
    ]);
    expect(Buffer.from(newest().body() as Uint8Array).toString()).toBe('{"answer":42}');
  });

  test.each(["ack", "terminate"] as const)("is settled by %s", async (how) => {
    const { links, newest } = linked();
    const end = links.handOver(handover());
    expect(links.size).toBe(1);
    newest()[how]("UNEXPECTED");
    expect(await end).toBe("settled");
    expect(links.size).toBe(0);
  });

  test("is handed out again after the delay when it is given back, and counted", async () => {
    vi.useFakeTimers();
    const { links, received, newest } = linked();
    const end = links.handOver(handover({ lostStarts: 1 }));
    newest().giveBack(5_000);
    vi.advanceTimersByTime(4_999);
    expect(received).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(received.map(({ deliveryCount }) => deliveryCount)).toEqual([2, 3]);
    expect(new Set(received.map(({ streamSequence }) => streamSequence)).size).toBe(1);
    newest().ack();
    vi.useRealTimers();
    expect(await end).toBe("settled");
  });

  test("is returned when nobody can settle it, or no stage takes it", async () => {
    const { links, newest, source } = linked();
    const abandoned = links.handOver(handover());
    newest().abandon?.();
    expect(await abandoned).toBe("returned");
    source.close();
    expect(await links.handOver(handover())).toBe("returned");
  });

  test("is returned when the chain stops while it waits for a retry, or is given back after that", async () => {
    const { links, received } = linked();
    const waiting = links.handOver(handover());
    const running = links.handOver(handover());
    received[0]?.giveBack(60_000);
    links.stop();
    expect(await waiting).toBe("returned");
    received[1]?.giveBack(0);
    expect(await running).toBe("returned");
  });
});

describe("what must not be lost with the process", () => {
  test("is kept once when the message takes long", () => {
    vi.useFakeTimers();
    const { links, newest } = linked();
    const onDelay = vi.fn(async () => undefined);
    void links.handOver(handover({ onDelay }));
    vi.advanceTimersByTime(60_000);
    newest().ack();
    vi.useRealTimers();
    expect(onDelay).toHaveBeenCalledTimes(1);
  });

  test("is not kept when it ends at once, and is kept before the message is returned", async () => {
    const { links, newest } = linked();
    const onDelay = vi.fn(async () => undefined);
    const settled = links.handOver(handover({ onDelay }));
    newest().ack();
    await settled;
    expect(onDelay).not.toHaveBeenCalled();
    const { promise: written, resolve: write } = Promise.withResolvers<void>();
    let isReturned = false;
    const returned = links.handOver(handover({ onDelay: () => written })).then(() => {
      isReturned = true;
    });
    newest().abandon?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(isReturned).toBe(false);
    write();
    await returned;
  });
});
