import { expect, test } from "vitest";
import { fakeContext } from "../../../../test/fixtures/llm-router-fixtures.ts";
import type { GatedCall } from "../gates/call-gate.ts";
import { createQuotaGate } from "./quota-gate.ts";
import type { AskedTurn, Turn } from "./turn.ts";

const call = {
  input: { candidate: { provider: "p", model: "m" }, call: { maxOutputTokens: 10 } },
  request: { inputTokens: 100 },
  candidatesLeft: 1,
} as GatedCall;

/** @returns what a call says that it waited for. @param turn answers at 1,000 ms of the handler's time. */
async function waitsOf(turn: (asked: AskedTurn) => Promise<Turn>): Promise<number[]> {
  const context = fakeContext();
  let elapsedMs = 250;
  const asking = (asked: AskedTurn) => {
    elapsedMs = 1_000;
    return turn(asked);
  };
  const gate = createQuotaGate({ turn: asking }, { interactive: 100, batch: 100 });
  await gate.enter(call, { ...context, elapsedMs: () => elapsedMs });
  return context.providerWaits;
}

const later: Turn = { kind: "later", delayMs: 5, isTooLong: false };

test("a wait for a turn is one for the provider, however it ends", async () => {
  const waited = async (asked: AskedTurn): Promise<Turn> => {
    asked.onWaited?.();
    return { kind: "turn", done: () => undefined };
  };
  const cancelled = async (asked: AskedTurn): Promise<Turn> => {
    asked.onWaited?.();
    throw new Error("cancelled");
  };
  expect(await waitsOf(waited)).toEqual([750]);
  expect(await waitsOf(cancelled)).toEqual([750]);
});

test("the time that it takes to learn that there is no turn now is NOCP's own", async () => {
  expect(await waitsOf(async () => later)).toEqual([]);
});
