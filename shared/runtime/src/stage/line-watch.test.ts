import { afterEach, expect, test } from "vitest";
import { waitFor } from "../testing/stage-fixtures.ts";
import { createLineWatch, type LineWatch } from "./line-watch.ts";
import type { Passing } from "./transport.ts";

const concurrency = 8;
const open: LineWatch[] = [];
afterEach(() => {
  for (const watch of open.splice(0)) watch.stop();
});

function world({ inLine = [] as string[], failing = false } = {}) {
  const asked: (readonly string[])[] = [];
  const warnings: object[] = [];
  const held = new Map<string, number>();
  const clock = { now: 1_000 };
  let listings = 0;
  const passing: Passing = {
    async tenantsInLine() {
      listings += 1;
      return inLine;
    },
    async letPass(_stage, tenants) {
      asked.push(tenants);
      if (failing) throw new Error("no answer");
      return [];
    },
    claim: async () => "handle",
  };
  const watch = createLineWatch({
    ...{ stage: "act", passing, leases: { heldByTenant: () => held }, concurrency, now: () => clock.now },
    logger: { warn: (fields: object) => void warnings.push(fields) } as never,
  });
  open.push(watch);
  return { watch, clock, held, asked, warnings, listings: () => listings };
}
const start = (watch: LineWatch, tenant: string, times = concurrency) => {
  for (let count = 0; count < times; count++) watch.started(tenant);
};
const rounds = async (watch: LineWatch) => {
  for (let round = 0; round < 20; round++) {
    start(watch, "busy");
    await new Promise(setImmediate);
  }
};

test("a tenant that was seen passes when all slots are another's", async () => {
  const { watch, held, asked } = world();
  watch.started("small");
  held.set("busy", concurrency);
  start(watch, "busy");
  await waitFor(() => asked.length > 0, "a look");
  expect(asked[0]).toEqual(["small"]);
});

test("one that was not seen passes when the broker names it", async () => {
  const { watch, held, asked } = world({ inLine: ["busy", "unseen"] });
  held.set("busy", concurrency);
  start(watch, "busy");
  await waitFor(() => asked.length > 0, "a look");
  expect(asked[0]).toEqual(["unseen"]);
});

test("nobody is asked for while slots are free, and nobody passes who has as much in hand as the busiest", async () => {
  const { watch, held, asked, listings } = world();
  held.set("busy", 1);
  start(watch, "busy");
  start(watch, "small");
  expect(listings()).toBe(0);
  held.set("busy", concurrency / 2).set("small", concurrency / 2);
  await waitFor(() => listings() > 0, "a look");
  expect(asked).toEqual([]);
});

test("with one tenant the broker is asked who waits once a second", async () => {
  const { watch, clock, held, asked, listings } = world({ inLine: ["busy"] });
  held.set("busy", concurrency);
  await rounds(watch);
  expect(listings()).toBe(1);
  clock.now += 1_000;
  await rounds(watch);
  expect(listings()).toBe(2);
  expect(asked).toEqual([]);
});

test("a broker that does not allow it is told of once, and is left alone for a while", async () => {
  const { watch, clock, held, asked, warnings } = world({ failing: true });
  watch.started("small");
  held.set("busy", concurrency);
  await rounds(watch);
  expect(asked).toHaveLength(1);
  clock.now += 60_000;
  await rounds(watch);
  expect(asked).toHaveLength(2);
  expect(warnings).toHaveLength(1);
});

test("nothing is asked for after the stop", async () => {
  const { watch, held, asked, listings } = world({ inLine: ["unseen"] });
  held.set("busy", concurrency);
  watch.stop();
  start(watch, "busy");
  await new Promise(setImmediate);
  expect([listings(), asked]).toEqual([0, []]);
});
