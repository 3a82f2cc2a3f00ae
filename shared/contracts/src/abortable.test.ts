import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { abortable, withTimeLimit } from "./abortable.ts";

const never = () => new Promise<never>(() => undefined);

describe("abortable work", () => {
  test("that ends in time is the result, and nothing listens to the signal any more", async () => {
    const { signal } = new AbortController();
    expect(await abortable(async () => 5, signal)).toBe(5);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("that ignores its signal is left behind, with the signal's reason", async () => {
    const controller = new AbortController();
    const running = abortable(never, controller.signal);
    controller.abort(new Error("cancelled"));
    await expect(running).rejects.toThrow("cancelled");
  });

  test("that makes an error of its own of the abort does not hide the reason", async () => {
    const controller = new AbortController();
    const rejecting = () =>
      new Promise<never>((_resolve, reject) =>
        controller.signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))),
      );
    const running = abortable(rejecting, controller.signal);
    controller.abort(new Error("cancelled"));
    await expect(running).rejects.toThrow("cancelled");
  });

  test("may use the time it is given after the abort", async () => {
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<string>();
    const running = abortable(() => promise, controller.signal, 60_000);
    controller.abort(new Error("cancelled"));
    resolve("saved");
    expect(await running).toBe("saved");
  });

  test("is not started when the signal has fired", async () => {
    let started = false;
    const work = async () => {
      started = true;
    };
    await expect(abortable(work, AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
    expect(started).toBe(false);
  });
});

describe("a time limit", () => {
  const limit = { timeoutMs: 1, onTimeout: () => new Error("out of time") };

  test("aborts the work's own signal, and rejects with the error it was given", async () => {
    let seen: unknown;
    const work = (signal: AbortSignal) => {
      signal.addEventListener("abort", () => (seen = signal.reason));
      return never();
    };
    await expect(withTimeLimit(work, limit)).rejects.toThrow("out of time");
    expect(seen).toMatchObject({ message: "out of time" });
  });

  test("ends earlier with the signal around it, and lets go of it", async () => {
    const controller = new AbortController();
    const running = withTimeLimit(never, { ...limit, timeoutMs: 60_000, signal: controller.signal });
    controller.abort(new Error("cancelled"));
    await expect(running).rejects.toThrow("cancelled");
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  test("may be longer than a timer holds", async () => {
    expect(await withTimeLimit(async () => 1, { ...limit, timeoutMs: 1e12 })).toBe(1);
  });
});
