import { describe, expect, test } from "vitest";
import { type CounterState, type Exchange, emptyCounter, exchanged, leaseMs, totalsOf } from "./counter-state.ts";

const ask = (state: CounterState, more: Partial<Exchange> = {}) =>
  exchanged(state, {
    ...{ replica: "a", spent: 0, told: 0, settledBefore: 0, reserved: 0, asked: [], usual: 0, limit: 100, now: 0 },
    ...more,
  });
const others = (spent: number, held: number, leaseEndsAt = leaseMs): CounterState => ({
  ...emptyCounter,
  replicas: { b: { spent, held, leaseEndsAt } },
});

describe("a counter grants", () => {
  test("what fits beside what others have spent and hold, and no more", () => {
    const { granted, held } = ask(others(60, 20), { asked: [15, 10, 5] });
    expect(granted).toEqual([true, false, true]);
    expect(held).toBe(20);
  });

  test("the last of it to the last digit", () => {
    const state = others(0.1 + 0.2, 0);
    expect(ask(state, { asked: [0.7], limit: 1 }).granted).toEqual([true]);
  });

  test("some to spare when plenty is left, and nothing near the limit", () => {
    expect(ask(emptyCounter, { asked: [1], usual: 1 }).held).toBeCloseTo(1 + 99 / 16);
    expect(ask(others(80, 0), { asked: [1], usual: 1 }).held).toBe(1);
  });

  test("nothing to spare to anybody as long as somebody waits", () => {
    const { next } = ask(others(0, 95), { asked: [10] });
    const giving = exchanged(next, {
      ...{ replica: "b", spent: 0, told: 0, settledBefore: 0, reserved: 5, asked: [], usual: 1, limit: 100, now: 10 },
    });
    expect(giving.held).toBe(5);
    expect(ask(giving.next, { asked: [10], now: 20 }).granted).toEqual([true]);
  });
});

describe("a replica that died", () => {
  test("leaves what it has spent, and holds nothing any more", () => {
    const { next, granted } = ask(others(30, 70), { asked: [70], now: leaseMs });
    expect(granted).toEqual([true]);
    expect(next).toMatchObject({ settled: 30, replicas: { a: { held: 70 } } });
    expect(totalsOf(next, leaseMs)).toEqual({ spent: 30, held: 70 });
  });

  test("and comes back tells only what it has spent since", () => {
    const first = ask(emptyCounter, { spent: 30 });
    const { next } = exchanged(first.next, {
      ...{ replica: "b", spent: 0, told: 0, settledBefore: 0, reserved: 0, asked: [], usual: 0, limit: 100, now: leaseMs },
    });
    const again = ask(next, { spent: 35, told: 30, now: leaseMs });
    expect(again).toMatchObject({ spent: 35, settledBefore: 30 });
    // The same told twice counts once (C2).
    expect(ask(again.next, { spent: 35, told: 30, settledBefore: 30, now: leaseMs }).spent).toBe(35);
  });
});
