import { describe, expect, test } from "vitest";
import { backoffMs, giveUpAfter, pause, retry } from "./retry.ts";

describe("the wait before a retry", () => {
  test("doubles with the attempt, up to its ceiling, half of it at random", () => {
    expect([1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, { baseMs: 100, maxMs: 1000 }, 0))).toEqual([
      50, 100, 200, 400, 500, 500,
    ]);
    expect([1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, { baseMs: 100, maxMs: 1000 }, 0.999999))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
  });

  test("stays finite for any number of attempts", () => {
    expect(backoffMs(10_000, { baseMs: 500, maxMs: 30_000 }, 0.5)).toBeLessThanOrEqual(30_000);
  });
});

describe("retrying", () => {
  const failing = (times: number) => async (attempt: number) => {
    if (attempt <= times) throw new TypeError(`attempt ${attempt}`);
    return attempt;
  };

  test("waits what the policy says, and returns the first success", async () => {
    const waited: number[] = [];
    const wait = async (delayMs: number) => void waited.push(delayMs);
    expect(await retry(failing(3), (_error, attempt) => attempt * 10, wait)).toBe(4);
    expect(waited).toEqual([10, 20, 30]);
  });

  test("ends with what the policy throws", async () => {
    const policy = (error: unknown, attempt: number) => {
      if (attempt === 2) throw error;
      return 0;
    };
    await expect(retry(failing(5), policy)).rejects.toThrow("attempt 2");
  });
});

test("a pause ends with the reason of its signal", async () => {
  const controller = new AbortController();
  const paused = pause(60_000, controller.signal);
  controller.abort(new Error("over"));
  await expect(paused).rejects.toThrow("over");
  await expect(pause(1, controller.signal)).rejects.toThrow("over");
});

test("giving up comes after its time", async () => {
  expect(giveUpAfter(60_000).aborted).toBe(false);
  expect(giveUpAfter(0).aborted).toBe(true);
});
