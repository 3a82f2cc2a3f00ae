import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { afterEach, describe, expect, test } from "vitest";
import { createWorkerPool, WorkerCrashed, type WorkerPool, type WorkerPoolOptions } from "./worker-pool.ts";

let pool: WorkerPool;
const start = (options: Partial<WorkerPoolOptions> = {}) => {
  const script = new URL("../testing/worker-tasks.ts", import.meta.url);
  pool = createWorkerPool({ script, size: 1, memoryMiB: 32, idleMs: 60_000, ...options });
};
const run = (name: string, argument?: unknown, signal?: AbortSignal) =>
  pool.run({ name, argument }, signal === undefined ? {} : { signal });
afterEach(() => pool.close());

describe("a task", () => {
  test("is done in another thread, one after the other in the order of the calls", async () => {
    start();
    const order: unknown[] = [];
    const tasks = [1, 2, 3, 4].map(async (number) => order.push(await run(number % 2 ? "doubleLater" : "double", number)));
    await Promise.all(tasks);
    expect(order).toEqual([2, 4, 6, 8]);
  });

  test("fails with the error that it throws, which keeps its code and advice", async () => {
    start();
    await expect(run("fail")).rejects.toThrow("no such thing");
    await expect(run("refuse")).rejects.toMatchObject({ name: "NocpError", code: "UNKNOWN_STRATEGY", advice: "Try another." });
    await expect(run("unheard-of")).rejects.toThrow("the worker has no task unheard-of");
    expect(await run("double", 4)).toBe(8);
  });

  test("moves buffers in both directions", async () => {
    start();
    const bytes = new Uint8Array(1000);
    expect(await pool.run({ name: "length", argument: bytes }, { transfer: [bytes.buffer] })).toBe(1000);
    expect(bytes.byteLength).toBe(0);
    expect(await run("move", 3)).toEqual(new Uint8Array([7, 7, 7]));
  });

  test("with an argument that cannot be copied fails alone", async () => {
    start();
    await expect(run("double", () => undefined)).rejects.toThrow(/could not be cloned/);
    expect(await run("double", 4)).toBe(8);
  });
});

describe("a task that asks the main thread", () => {
  test("gets its answers, and errors with their code", async () => {
    start();
    const answers = {
      twice: async (number: number) => 2 * number,
      refuse: () => Promise.reject(new NocpError("UNKNOWN_STRATEGY", "there is none")),
    };
    expect(await pool.run({ name: "ask", argument: "twice" }, { answers })).toEqual([2, 4]);
    await expect(pool.run({ name: "ask", argument: "refuse" }, { answers })).rejects.toMatchObject({ code: "UNKNOWN_STRATEGY" });
    await expect(run("ask", "unheard-of")).rejects.toThrow("nobody answers unheard-of");
    expect(await run("double", 4)).toBe(8);
  });

  test("holds up no other task while it waits, and ends with its signal", async () => {
    start();
    const controller = new AbortController();
    const asked = Promise.withResolvers<void>();
    const answers = {
      never: () => {
        asked.resolve();
        return new Promise<never>(() => undefined);
      },
    };
    const waiting = pool.run({ name: "ask", argument: "never" }, { answers, signal: controller.signal });
    const failed = expect(waiting).rejects.toThrow("enough");
    await asked.promise;
    expect(await run("double", 4)).toBe(8);
    controller.abort(new Error("enough"));
    await failed;
    expect(await run("double", 5)).toBe(10);
  });

  test("does not let more threads run than the pool has", async () => {
    start();
    const reply = Promise.withResolvers<number>();
    const waiting = pool.run({ name: "ask", argument: "later" }, { answers: { later: () => reply.promise } });
    const others = await Promise.all([run("threadId"), run("threadId"), run("threadId")]);
    expect(new Set(others).size).toBe(1);
    reply.resolve(7);
    expect(await waiting).toEqual([7, 7]);
  });
});

describe("a stuck task", () => {
  test.each(["loop", "backtrack"])("(%s) is ended by its signal, with the signal's reason, and others go on", async (name) => {
    start();
    const first = await run("threadId");
    const controller = new AbortController();
    const stuck = run(name, "^(a+)+$", controller.signal);
    const waiting = run("threadId");
    const reason = new Error("the deadline passed");
    setTimeout(() => controller.abort(reason), 50);
    await expect(stuck).rejects.toBe(reason);
    expect(await waiting).not.toBe(first);
  });

  test("holds up neither this thread nor a second one of the pool", async () => {
    start({ size: 2 });
    const controller = new AbortController();
    const stuck = run("loop", undefined, controller.signal);
    for (const number of [1, 2, 3]) expect(await run("double", number)).toBe(2 * number);
    controller.abort(new Error("enough"));
    await expect(stuck).rejects.toThrow("enough");
  });

  test("is ended when the pool is closed, and nothing is taken afterwards", async () => {
    start();
    const stuck = run("loop");
    const waiting = run("double", 1);
    const both = Promise.all([expect(stuck).rejects.toThrow(WorkerCrashed), expect(waiting).rejects.toThrow(WorkerCrashed)]);
    await pool.close();
    await both;
    await expect(run("double", 1)).rejects.toThrow("the worker pool is closed");
  });
});

test("a task that is aborted before its turn is not started, and one whose signal has fired is refused", async () => {
  start();
  const running = new AbortController();
  const stuck = run("loop", undefined, running.signal);
  const waiting = new AbortController();
  const never = run("exit", undefined, waiting.signal);
  const last = run("double", 5);
  waiting.abort(new Error("changed my mind"));
  await expect(never).rejects.toThrow("changed my mind");
  await expect(run("double", 1, AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
  running.abort(new Error("enough"));
  await expect(stuck).rejects.toThrow("enough");
  expect(await last).toBe(10);
});

describe("a thread that crashes", () => {
  test.each([
    ["fillMemory", "it needs more than 32 MiB of memory"],
    ["exit", "its worker thread ended with code 3"],
    ["throwLater", "its worker thread failed: nobody catches this"],
  ])("(%s) fails its task with the reason and is replaced", async (name, message) => {
    start();
    const crashed = run(name);
    const next = run("double", 21);
    await expect(crashed).rejects.toThrow(message);
    await expect(crashed).rejects.toBeInstanceOf(WorkerCrashed);
    expect(await next).toBe(42);
  });

  test("at its start fails one task for each start, and never starts in a loop", async () => {
    start({ script: new URL("no-such-script.ts", import.meta.url) });
    await expect(run("double", 1)).rejects.toThrow(/its worker thread failed: Cannot find module/);
    await expect(run("double", 2)).rejects.toThrow(/its worker thread failed: Cannot find module/);
  });
});

test("a thread is kept for the next task until it has been without work for a while", async () => {
  start({ idleMs: 200 });
  const first = await run("threadId");
  expect(await run("threadId")).toBe(first);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(await run("threadId")).not.toBe(first);
});
