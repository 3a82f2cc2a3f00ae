import { describe, expect, test } from "vitest";
import { createReturnTimes } from "./return-times.ts";

/** A place each tenth of a second. */
const from = (now: number) => (place: number) => now + place * 100;

describe("requests that go back to the queue return", () => {
  test("one after the other", () => {
    const returns = createReturnTimes(100);
    expect(["a", "b", "c"].map((requestId) => returns.add(requestId, from(0)))).toEqual([0, 100, 200]);
  });

  test("near the front again, where they came too early: nobody waits for a place that is free", () => {
    const returns = createReturnTimes(100);
    for (let index = 0; index < 50; index++) returns.add(`r${index}`, from(1_000));
    // The first is back, and finds no room yet.
    returns.delete("r0");
    expect(returns.add("r0", from(1_000))).toBe(1_000);
    // Another as well, later, while all others keep their places.
    returns.delete("r7");
    expect(returns.add("r7", from(1_000))).toBe(1_700);
    expect(returns.add("new", from(1_000))).toBe(6_000);
  });

  test("in the gap that others left who do not come back", () => {
    const returns = createReturnTimes(100);
    for (let index = 0; index < 10; index++) returns.add(`r${index}`, from(0));
    for (const gone of ["r3", "r4", "r5"]) returns.delete(gone);
    expect(["x", "y", "z"].map((requestId) => returns.add(requestId, from(0)))).toEqual([300, 400, 500]);
    expect(returns.add("last", from(0))).toBe(1_000);
  });

  test("are forgotten when their time has come", () => {
    const returns = createReturnTimes(100);
    for (let index = 0; index < 10; index++) returns.add(`r${index}`, from(0));
    returns.forgetUntil(450);
    expect(returns.size).toBe(5);
    expect(returns.add("next", from(500))).toBe(1_000);
  });
});

test("no more are remembered than there is room for", () => {
  const returns = createReturnTimes(2);
  expect(["a", "b", "c", "d"].map((requestId) => returns.add(requestId, from(0)))).toEqual([0, 100, 200, 200]);
  expect(returns.size).toBe(2);
});
