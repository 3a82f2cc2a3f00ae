// What a settler writes down of waits for providers, over the deliveries of one message.
import type { StageRecord } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { expect, test } from "vitest";
import { createLocalRecords } from "../chain/local-records.ts";
import { createAttemptLedger } from "./attempt-ledger.ts";
import { Delivery } from "./delivery.ts";
import type { Settlement } from "./settlement.ts";
import { createSettler } from "./settler.ts";
import { recordOf, type StageAttempt } from "./stage-attempt.ts";
import type { DeliveredMessage } from "./transport.ts";

interface Start {
  /** Between the broker's storing of the message and this start. */
  readonly queueWaitMs: number;
  readonly workMs?: number;
  /** Of the work. */
  readonly pausedMs?: number;
  readonly settlement: Settlement;
}

/** @returns the attempt's record in the journey, start by start. */
async function recordsOf(starts: readonly Start[]): Promise<StageRecord[]> {
  const records: StageRecord[] = [];
  const ledger = createAttemptLedger(createLocalRecords());
  for (const [index, { queueWaitMs, workMs = 0, pausedMs = 0, settlement }] of starts.entries()) {
    const settler = createSettler(ledger, async (attempt) => {
      attempt.pausedMs += pausedMs;
      records.push(recordOf(attempt, workMs));
      return settlement;
    });
    await settler.run(attemptOf(index + 1, queueWaitMs));
  }
  return records;
}

function attemptOf(deliveryCount: number, queueWaitMs: number): StageAttempt {
  const ends = { ack() {}, giveBack() {}, terminate() {}, renew() {} };
  const message = { ...ends, deliveryCount, streamSequence: 1 } as Partial<DeliveredMessage> as DeliveredMessage;
  const attempt: Partial<StageAttempt> = {
    stage: "llm-router",
    delivery: new Delivery(message, "llm-router", "interactive"),
    ...{ startedAt: 0, queueWaitMs, mayBeRedelivered: deliveryCount > 1 },
    ...{ number: 1, lostStarts: 0, heldMs: 0, pausedMs: 0, handovers: [] },
  };
  return attempt as StageAttempt;
}

const limited = (delayMs: number): Settlement => ({
  kind: "wait",
  delayMs,
  cause: new NocpError("PROVIDER_RATE_LIMITED", "slow down"),
});
const unavailable = (delayMs: number): Settlement => ({
  kind: "retry",
  delayMs,
  cause: new NocpError("PROVIDER_UNAVAILABLE", "out of order"),
});
const broken = (delayMs: number): Settlement => ({ kind: "retry", delayMs, cause: new Error("a fault") });
const ack: Settlement = { kind: "ack" };

test("a message that never waited says nothing of it", async () =>
  expect(await recordsOf([{ queueWaitMs: 3, workMs: 4, settlement: ack }])).toEqual([
    { stage: "llm-router", attempt: 1, queueWaitMs: 3, workMs: 4 },
  ]));

test("delays for a provider add up, and those for NOCP's own failures stay NOCP's", async () => {
  const records = await recordsOf([
    { queueWaitMs: 1, settlement: limited(1_000) },
    { queueWaitMs: 1_002, settlement: broken(500) },
    { queueWaitMs: 1_503, settlement: unavailable(200) },
    { queueWaitMs: 1_704, settlement: ack },
  ]);
  expect(records.map(({ attempt, heldMs }) => [attempt, heldMs])).toEqual([
    [1, undefined],
    [1, 1_000],
    [2, 1_000],
    [3, 1_200],
  ]);
});

test("pauses of a start that was given back are a part of the next one's wait", async () => {
  const [, second, third] = await recordsOf([
    { queueWaitMs: 1, workMs: 350, pausedMs: 300, settlement: limited(1_000) },
    { queueWaitMs: 1_360, workMs: 50, pausedMs: 40, settlement: { kind: "return" } },
    { queueWaitMs: 1_420, workMs: 5, settlement: ack },
  ]);
  expect(second).toMatchObject({ heldMs: 1_300, pausedMs: 40 });
  expect(third).toMatchObject({ heldMs: 1_340 });
});

test("a message that comes back before its delay is over has waited no longer than it did", async () => {
  const [, early] = await recordsOf([
    { queueWaitMs: 1, settlement: limited(60_000) },
    { queueWaitMs: 2_000, workMs: 5, pausedMs: 9, settlement: ack },
  ]);
  expect(early).toMatchObject({ heldMs: 2_000, pausedMs: 5 });
});
