import { expect, test, vi } from "vitest";
import { createDeferredWork } from "./deferred-work.ts";

test("work is done in order, a little later", async () => {
  const deferred = createDeferredWork();
  const done: number[] = [];
  deferred.add(() => done.push(1));
  deferred.add(() => done.push(2));
  await Promise.resolve();
  expect(done).toEqual([]);
  await vi.waitUntil(() => done.length > 0, { timeout: 30_000 });
  expect(done).toEqual([1, 2]);
});

test("who looks at the outcome has it done at once, and only once", async () => {
  const deferred = createDeferredWork();
  const done: number[] = [];
  deferred.add(() => done.push(1));
  deferred.flush();
  expect(done).toEqual([1]);
  deferred.add(() => done.push(2));
  await vi.waitUntil(() => done.length > 1, { timeout: 30_000 });
  expect(done).toEqual([1, 2]);
});

test("work that adds more is followed by it", async () => {
  const deferred = createDeferredWork();
  const done: string[] = [];
  deferred.add(() => {
    done.push("first");
    deferred.add(() => done.push("second"));
  });
  await vi.waitUntil(() => done.length > 1, { timeout: 30_000 });
  expect(done).toEqual(["first", "second"]);
});

test("what one of them throws is thrown, and the others are done all the same", () => {
  const deferred = createDeferredWork();
  const done: number[] = [];
  deferred.add(() => {
    throw new Error("no number");
  });
  deferred.add(() => done.push(2));
  expect(() => deferred.flush()).toThrow("no number");
  deferred.flush();
  expect(done).toEqual([2]);
});

test("a process that gets to no timer does not gather work without end", () => {
  const deferred = createDeferredWork();
  let done = 0;
  for (let added = 0; added < 25_000; added++) deferred.add(() => done++);
  expect(done).toBeGreaterThanOrEqual(20_000);
});
