import { expect, test } from "vitest";
import { createLaneScheduler, mostSettling } from "./lane-scheduler.ts";

/** Entries that say by hand when they are handled, and when they are settled. */
function schedulerOf(concurrency: number) {
  const started: number[] = [];
  const entries = new Map<number, { handled(): void; settled(): void }>();
  let asked = 0;
  const scheduler = createLaneScheduler<number>({
    concurrency,
    batchShare: 0.25,
    run: (entry, handled) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      started.push(entry);
      entries.set(entry, { handled, settled: resolve });
      return promise;
    },
    onRoom: () => void asked++,
  });
  const entry = (number: number) => entries.get(number)!;
  return {
    scheduler,
    started,
    entry,
    timesAsked: () => asked,
    pass: (...numbers: number[]) => {
      for (const number of numbers) scheduler.enqueue("passing", number);
    },
    add: (...numbers: number[]) => {
      for (const number of numbers) scheduler.enqueue("interactive", number);
    },
    settle: async (number: number) => {
      entry(number).settled();
      await Promise.resolve().then(() => undefined);
      await new Promise(setImmediate);
    },
  };
}

test("the next entry starts when one is handled, while the broker stores what it emitted", () => {
  const { scheduler, started, entry, add, timesAsked } = schedulerOf(1);
  add(1, 2);
  expect(started).toEqual([1]);
  entry(1).handled();
  expect(started).toEqual([1, 2]);
  expect(timesAsked()).toBe(1);
  expect(scheduler.running).toBe(2);
});

test("room is what the slots have, whatever settles", () => {
  const { scheduler, entry, add } = schedulerOf(4);
  add(1, 2, 3, 4);
  expect(scheduler.roomOf("interactive")).toBe(0);
  entry(1).handled();
  expect(scheduler.roomOf("interactive")).toBe(1);
});

test.each([1, 2, 8, 64])("of %i slots no more than a quarter is handed on before entries are settled", async (concurrency) => {
  const { scheduler, started, entry, add, settle } = schedulerOf(concurrency);
  const allowed = mostSettling(concurrency);
  add(...Array.from({ length: 4 * concurrency }, (_, number) => number + 1));
  for (let number = 1; number <= concurrency; number++) entry(number).handled();
  expect(started).toHaveLength(concurrency + allowed);
  expect(scheduler.running).toBe(concurrency + allowed);
  await settle(1);
  // One that settles makes way for another one to do so, and takes no slot.
  expect(started).toHaveLength(concurrency + allowed);
  entry(concurrency + 1).handled();
  expect(started).toHaveLength(concurrency + allowed + 1);
});

test("an entry leaves its slot once, and may be settled without having been handled", async () => {
  const { scheduler, started, entry, add, settle } = schedulerOf(2);
  add(1, 2, 3, 4, 5, 6);
  entry(1).handled();
  entry(1).handled();
  await settle(1);
  await settle(1);
  expect(started).toEqual([1, 2, 3]);
  await settle(2);
  expect(started).toEqual([1, 2, 3, 4]);
  entry(2).handled();
  expect(scheduler.running).toBe(2);
});

test("nothing starts after the stop, and what waits is given back", () => {
  const { scheduler, started, entry, add } = schedulerOf(1);
  add(1, 2, 3);
  expect(scheduler.stop()).toEqual([2, 3]);
  entry(1).handled();
  expect(started).toEqual([1]);
});

test("what passed the line and the line take turns, so that neither stands still", async () => {
  const { started, add, pass, settle } = schedulerOf(1);
  add(1, 2, 3);
  pass(11, 12, 13);
  for (const number of [1, 11, 2, 12, 3]) await settle(number);
  expect(started).toEqual([1, 11, 2, 12, 3, 13]);
});

test("what passed the line has all slots where the line is empty, and the line keeps room for one", () => {
  const { scheduler, started, pass } = schedulerOf(4);
  expect(scheduler.roomOf("passing")).toBe(1);
  pass(1, 2, 3, 4, 5);
  expect(started).toEqual([1, 2, 3, 4]);
  expect(scheduler.running).toBe(4);
  expect(scheduler.roomOf("passing")).toBe(0);
  expect(scheduler.roomOf("interactive")).toBe(1);
  expect(scheduler.stop()).toEqual([5]);
});
