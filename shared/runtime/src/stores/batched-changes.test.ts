import { expect, test } from "vitest";
import { createBatchedChanges } from "./batched-changes.ts";
import { createLocalState } from "./shared-state.ts";

const add = (amount: number) => (current: number | undefined) => {
  const next = (current ?? 0) + amount;
  return { next, result: next };
};

test("changes that come while one is on its way are made together, in their order", async () => {
  const local = createLocalState<number>();
  let trips = 0;
  const change = createBatchedChanges<number>(async (key, one) => {
    trips += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return local.change(key, one);
  });
  expect(await Promise.all([1, 10, 100].map((amount) => change("a", add(amount))))).toEqual([1, 11, 111]);
  expect(trips).toBe(2);
  expect(await local.get("a")).toBe(111);
});

test("one key does not wait for another", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const local = createLocalState<number>();
  const change = createBatchedChanges<number>(async (key, one) => {
    if (key === "slow") await promise;
    return local.change(key, one);
  });
  const slow = change("slow", add(1));
  expect(await change("fast", add(2))).toBe(2);
  resolve();
  expect(await slow).toBe(1);
});

test("a failure is that of its batch alone, and a change that changes nothing writes nothing", async () => {
  let fails = true;
  const written: (number | undefined)[] = [];
  const change = createBatchedChanges<number>(async (_key, one) => {
    if (fails) throw new Error("down");
    const { next, result } = one(7);
    written.push(next);
    return result;
  });
  await expect(change("a", add(1))).rejects.toThrow("down");
  fails = false;
  expect(await change("a", (current) => ({ result: current }))).toBe(7);
  expect(written).toEqual([undefined]);
});
