import { expect, test } from "vitest";
import { type CountedStart, createAttemptLedger, startsSchema } from "./attempt-ledger.ts";

const key = "llm-router-interactive.7";

function ledgerWith() {
  const entries = new Map<string, ReturnType<typeof startsSchema.parse>>();
  const ledger = createAttemptLedger({
    get: async (name) => entries.get(name),
    put: async (name, value) => void entries.set(name, value),
  });
  return { ledger, entries };
}
const started = (attempt: number, lostStarts: number, heldMs = 0): CountedStart => ({ attempt, lostStarts, heldMs });

test("a second delivery after a first that ended without a word has lost one start", async () => {
  const { ledger } = ledgerWith();
  expect(await ledger.start(key, 2)).toEqual(started(2, 1));
  expect(await ledger.start(key, 3)).toEqual(started(3, 2));
});

test("a start that ended in order is not lost, also after one that is", async () => {
  const { ledger } = ledgerWith();
  await ledger.end(key, 1, 0);
  expect(await ledger.start(key, 2)).toEqual(started(2, 0));
  expect(await ledger.start(key, 3)).toEqual(started(3, 1));
  await ledger.end(key, 3, 0);
  expect(await ledger.start(key, 4)).toEqual(started(4, 1));
});

test("a start that a stopping service gave back is neither counted nor lost", async () => {
  const { ledger } = ledgerWith();
  await ledger.takeBack(key, 1, 0);
  expect(await ledger.start(key, 2)).toEqual(started(1, 0));
});

test("a message that went back unstarted was not started", async () => {
  const { ledger } = ledgerWith();
  await ledger.skip(key, 1);
  expect(await ledger.start(key, 2)).toEqual(started(1, 0));
});

test("going back unstarted hides no earlier crash", async () => {
  const unrecorded = ledgerWith();
  await unrecorded.ledger.skip(key, 2);
  expect(await unrecorded.ledger.start(key, 3)).toEqual(started(2, 1));
  const recorded = ledgerWith();
  await recorded.ledger.start(key, 2);
  await recorded.ledger.skip(key, 3);
  expect(await recorded.ledger.start(key, 4)).toEqual(started(3, 2));
});

test("what the broker calls the first delivery has lost nothing that is known", async () => {
  const { ledger } = ledgerWith();
  expect(await ledger.start(key, 1)).toEqual(started(1, 0));
});

test("what a message waited for providers is known to every later start, also after one that was lost", async () => {
  const { ledger } = ledgerWith();
  await ledger.takeBack(key, 1, 1000);
  expect(await ledger.start(key, 2)).toEqual(started(1, 0, 1000));
  await ledger.end(key, 1, 1250);
  expect(await ledger.start(key, 3)).toEqual(started(2, 0, 1250));
  expect(await ledger.start(key, 4)).toEqual(started(3, 1, 1250));
});

test("a message that goes back unstarted keeps what it waited", async () => {
  const { ledger } = ledgerWith();
  await ledger.takeBack(key, 1, 1000);
  await ledger.skip(key, 2);
  expect(await ledger.start(key, 3)).toEqual(started(1, 0, 1000));
});

test("what a release before wrote down knows of no wait", () => {
  expect(startsSchema.parse({ starts: 1, crashes: 0, state: "returned" }).heldMs).toBe(0);
});
