import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { defineQueueGauges, type StreamState } from "./queue-gauges.ts";

const empty: StreamState = { messages: 0, first_ts: "0001-01-01T00:00:00Z" };

async function seriesWith(states: Readonly<Record<string, StreamState>>): Promise<Record<string, number>> {
  const registry = new Registry();
  defineQueueGauges(
    registry,
    async (stream) => {
      const state = states[stream];
      if (!state) throw new Error("no answer");
      return state;
    },
    () => Date.parse("2026-01-01T00:10:00Z"),
  );
  const lines = (await registry.metrics()).split("\n").filter((line) => line.startsWith("nocp_"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

test("a queue says how much it holds and how old the oldest message is, an empty one 0", async () => {
  const series = await seriesWith({
    NOCP_ACT: { messages: 7, first_ts: "2026-01-01T00:08:30Z" },
    NOCP_ASSESS: empty,
    NOCP_LLM_ROUTER: empty,
    NOCP_ARTICULATE: empty,
    NOCP_DLQ: { messages: 5, first_ts: "2025-12-01T00:00:00Z" },
  });
  expect(series).toMatchObject({
    'nocp_queue_messages{stage="act"}': 7,
    'nocp_queue_oldest_message_age_seconds{stage="act"}': 90,
    'nocp_queue_messages{stage="assess"}': 0,
    'nocp_queue_oldest_message_age_seconds{stage="assess"}': 0,
    nocp_dead_letters_waiting: 5,
  });
  expect(Object.keys(series)).toHaveLength(9);
});

test("what the broker does not say is missing, and not 0", async () => {
  const series = await seriesWith({ NOCP_ACT: { messages: 1, first_ts: "2026-01-01T00:10:01Z" } });
  expect(series).toEqual({
    'nocp_queue_messages{stage="act"}': 1,
    // The broker's clock is ahead.
    'nocp_queue_oldest_message_age_seconds{stage="act"}': 0,
  });
});

test("one reading of the metrics asks about each stream once", async () => {
  const registry = new Registry();
  const asked: string[] = [];
  defineQueueGauges(
    registry,
    async (stream) => {
      asked.push(stream);
      return empty;
    },
    () => 0,
  );
  await registry.metrics();
  expect(asked).toHaveLength(5);
  await registry.metrics();
  expect(asked).toHaveLength(10);
});
