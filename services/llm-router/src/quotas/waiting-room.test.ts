import { describe, expect, test } from "vitest";
import { instalmentOf, leaverOf, nextPayments, type Waiting } from "./waiting-room.ts";

interface Named extends Waiting {
  readonly name: string;
}
const entry = (name: string, more: Partial<Named> = {}): Named => ({
  name,
  tenant: "a",
  lane: "interactive",
  deadlineAt: 1_000,
  owed: 100,
  ...more,
});
const fresh = { turnsOf: new Map<string, number>(), turns: 0 };
const order = (waiting: readonly Named[], history = fresh, largest = Number.POSITIVE_INFINITY) =>
  nextPayments(waiting, history, largest, 100)
    .filter(({ isLast }) => isLast)
    .map(({ entry: { name } }) => name);

describe("whose turn is next", () => {
  test("of one tenant the earliest deadline is", () => {
    expect(
      order([entry("late", { deadlineAt: 3 }), entry("early", { deadlineAt: 1 }), entry("middle", { deadlineAt: 2 })]),
    ).toEqual(["early", "middle", "late"]);
  });

  test("tenants take turns, however many requests one of them has", () => {
    const many = Array.from({ length: 20 }, (_, index) => entry(`a${index}`, { deadlineAt: index }));
    const names = order([...many, entry("b0", { tenant: "b" }), entry("b1", { tenant: "b" })]);
    expect(names.indexOf("b0")).toBeLessThanOrEqual(1);
    expect(names.indexOf("b1")).toBeLessThanOrEqual(3);
    const served = { turnsOf: new Map([["a", 50]]), turns: 50 };
    expect(order([...many, entry("b0", { tenant: "b", deadlineAt: 9_999 })], served)[0]).toBe("b0");
  });

  test("every fourth is the batch lane's, and all of them when nobody else waits", () => {
    const batch = Array.from({ length: 4 }, (_, index) => entry(`b${index}`, { lane: "batch" as const }));
    const names = order([...batch, ...Array.from({ length: 9 }, (_, index) => entry(`i${index}`))]);
    expect(names.slice(0, 8).filter((name) => name.startsWith("b"))).toHaveLength(2);
    expect(order(batch)).toHaveLength(4);
  });

  test("a large request is paid in instalments, and small ones get their turns between them", () => {
    const large = entry("large", { owed: 100_000, deadlineAt: 0 });
    const small = Array.from({ length: 5 }, (_, index) => entry(`s${index}`));
    const largest = instalmentOf([large, ...small], 1_000_000);
    expect(largest).toBe(400);
    const payments = nextPayments([large, ...small], fresh, largest, 10_000);
    const starts = payments.filter(({ isLast }) => isLast).map(({ entry: { name } }) => name);
    expect(starts).toEqual(["s0", "s1", "s2", "s3", "s4", "large"]);
    expect(payments.filter(({ entry: { name } }) => name === "large").reduce((sum, { tokens }) => sum + tokens, 0)).toBe(100_000);
  });

  test("an instalment is never more than the quota holds", () => {
    expect(instalmentOf([entry("large", { owed: 100_000 })], 5_000)).toBe(5_000);
  });
});

test("the tenant that holds most of a full room gives up its latest deadline, of the batch lane first", () => {
  const held = [entry("a1", { deadlineAt: 1 }), entry("a2", { deadlineAt: 5 }), entry("b", { tenant: "b", deadlineAt: 9 })];
  expect(leaverOf(held).name).toBe("a2");
  expect(leaverOf([...held, entry("a3", { lane: "batch", deadlineAt: 0 })]).name).toBe("a3");
});
