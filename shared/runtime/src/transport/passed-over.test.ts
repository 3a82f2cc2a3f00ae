import type { ConsumerInfo, JetStreamManager, StreamInfo } from "@nats-io/jetstream";
import { describe, expect, it } from "vitest";
import { findPassedOver } from "./passed-over.ts";

interface Case {
  readonly retention?: string;
  readonly delivered?: number;
  readonly floor?: number;
  readonly last?: number;
  /** Sequences of the messages in the consumer's lane at the first look, and at the second. */
  readonly waiting?: readonly [number[], number[]];
  /** Of a message of the other lane that is before all others. */
  readonly other?: number;
  readonly mayRead?: boolean;
}

/** A broker of which two looks are taken. */
function find(state: Case) {
  const { retention = "workqueue", delivered = 10, floor = 10, last = 20, waiting = [[], []], other, mayRead = true } = state;
  let looks = 0;
  const consumer = (): ConsumerInfo =>
    ({
      stream_name: "S",
      name: "lane",
      delivered: { stream_seq: delivered },
      ack_floor: { stream_seq: floor },
      config: { filter_subject: "a.>" },
    }) as ConsumerInfo;
  const stream = (): StreamInfo => {
    const held = [...(other === undefined ? [] : [other]), ...(waiting[looks] ?? [])];
    const state = { messages: held.length, first_seq: Math.min(...held, last + 1), last_seq: last };
    return { config: { name: "S", retention }, state } as StreamInfo;
  };
  const manager = {
    consumers: { info: async () => consumer() },
    streams: {
      info: async () => {
        looks = 1;
        return stream();
      },
      getMessage: async () => {
        const seq = waiting[looks]?.[0];
        return seq === undefined ? null : { seq };
      },
    },
  } as unknown as JetStreamManager;
  return findPassedOver(manager, [{ consumer: consumer(), stream: stream() }], () => mayRead);
}

describe.concurrent("a consumer passes over messages", () => {
  it.each<[string, Case]>([
    ["in a stream that ends before its place", { delivered: 807, last: 3 }],
    ["also where messages stay when they are done", { retention: "limits", delivered: 807, last: 3 }],
    ["also where messages may not be read", { delivered: 807, last: 3, mayRead: false }],
    ["that wait in its lane before its place", { waiting: [[3, 12], [3]] }],
  ])("%s", async (_name, state) => {
    expect(await find(state)).toMatchObject([{ name: "S/lane", reason: expect.stringContaining("stands") }]);
  });

  it.each<[string, Case]>([
    ["where nothing waits", {}],
    ["where what waits is yet to come", { waiting: [[11, 12], [12]] }],
    ["where what is before its place is of the other lane", { other: 2, waiting: [[15], [15]] }],
    ["whose acknowledgement is deleting the message", { waiting: [[10], []] }],
    ["where messages go one after the other", { waiting: [[9], [10]] }],
    ["where messages stay when they are done", { retention: "limits", waiting: [[3], [3]] }],
    ["of which it may not know", { waiting: [[3], [3]], mayRead: false }],
  ])("but not %s", async (_name, state) => expect(await find(state)).toEqual([]));
});
