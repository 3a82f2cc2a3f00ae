import { expect, test } from "vitest";
import { createLocalState } from "../stores/shared-state.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createCounter } from "./counter.ts";
import { type CounterState, totalsOf } from "./counter-state.ts";

/** Each has another order of ends, and so another last digit. */
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

test.each(orders)("calls that ended in the order %i %i %i leave nothing reserved, to the last digit", async (...order) => {
  const clock = createManualClock();
  const states = new Map<string, CounterState>();
  const counter = createCounter({ key: "k", replica: "r", shared: createLocalState(states), limit: () => 1_000, clock });
  const amounts = [0.1, 0.2, 0.7];
  for (const amount of amounts) expect(await counter.reserve(amount)).toEqual({ kind: "reserved" });
  for (const index of order) counter.settle(amounts[index] ?? 0, 0.05);
  await clock.pass(10_000);
  expect(totalsOf(states.get("k")!, clock.now()).held).toBe(0);
  expect(counter.isIdle).toBe(true);
  // And nothing is renewed for ever.
  expect(clock.pending).toBe(0);
});
