import { expect, test } from "vitest";
import { createKnownTenants } from "./tenants-in-line.ts";

function known(...names: string[]) {
  const tenants = createKnownTenants();
  for (const name of names) tenants.add(name);
  return tenants;
}

test("those pass who have less in hand than the busiest", () => {
  const tenants = known("busy", "idle", "small", "equal");
  const held = new Map([
    ["busy", 4],
    ["small", 3],
    ["equal", 4],
  ]);
  expect(tenants.behind(held, 10)).toEqual(["idle", "small"]);
});

test("nobody passes where nothing is in hand, or all is of the one tenant that is known", () => {
  expect(known("a", "b").behind(new Map(), 10)).toEqual([]);
  expect(known("a").behind(new Map([["a", 8]]), 10)).toEqual([]);
});

test("tenants take turns", () => {
  const tenants = known("busy", "a", "b", "c");
  const held = new Map([["busy", 8]]);
  expect(tenants.behind(held, 2)).toEqual(["a", "b"]);
  tenants.hadTurn(["a"]);
  expect(tenants.behind(held, 2)).toEqual(["b", "c"]);
  tenants.hadTurn(["b", "c"]);
  expect(tenants.behind(held, 2)).toEqual(["a", "b"]);
  // One that is known already keeps its turn.
  tenants.add("c");
  expect(tenants.behind(held, 3)).toEqual(["a", "b", "c"]);
});

test("what is remembered is bounded, and newcomers are among it", () => {
  const tenants = createKnownTenants();
  for (let number = 0; number < 5_000; number++) tenants.add(`tenant-${number}`);
  expect(tenants.size).toBe(1_000);
  expect(tenants.behind(new Map([["busy", 1]]), 5_000)).toContain("tenant-4999");
});
