import { describe, expect, test } from "vitest";
import { deadlineOf } from "./deadline.ts";

describe("the deadline", () => {
  test.each([
    ["the default counts from acceptance", {}, 1500],
    ["a time-out counts from acceptance", { timeoutMs: 20 }, 1020],
    ["an absolute one stands", { deadlineAt: new Date(5000).toISOString() }, 5000],
    ["the earlier one counts", { timeoutMs: 20, deadlineAt: new Date(5000).toISOString() }, 1020],
  ])("%s", (_sentence, limits, expected) => {
    expect(deadlineOf(limits, 1000, 500)).toBe(expected);
  });
});
