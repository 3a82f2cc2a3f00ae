// ./nocp budgets, and the budgets of keys.
import { runProgram } from "@nocp/cli/program.ts";
import { windowOf } from "@nocp/runtime/budgets/budget.ts";
import { spendingBucket, spendingTtlMs } from "@nocp/runtime/budgets/budget-buckets.ts";
import { counterStateSchema, emptyCounter } from "@nocp/runtime/budgets/counter-state.ts";
import { expect, test } from "vitest";
import { writtenEnvironment } from "../fixtures/cli-environment.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

const queue = useTestQueue();

async function run(...args: string[]): Promise<string> {
  const written = writtenEnvironment({ root: projectRoot, variables: { NATS_URL: queue.server.url } });
  await runProgram(args, { environment: written.environment, version: "0" });
  return written.stdout();
}
const json = async (...args: string[]) => JSON.parse(await run(...args, "--json")) as unknown;

test("budgets are set, listed with what is spent, shown and deleted", async () => {
  expect(await run("budgets", "list")).toContain("there are no budgets");
  await run("budgets", "set", "team", "--limit", "5usd/month", "--tenant", "*", "--soft", "4", "--on-soft", "cheapest");
  await run("budgets", "set", "calls", "--limit", "60requests/minute", "--key", "k1");
  await run("budgets", "set", "calls", "--limit", "90requests/minute", "--key", "k1");
  const counters = await queue.broker.durableState(spendingBucket, counterStateSchema, spendingTtlMs);
  const { startsAt } = windowOf("month", Date.now())!;
  const leaseEndsAt = Date.now() + 60_000;
  const state = { ...emptyCounter, settled: 1, replicas: { a: { spent: 2, held: 0.5, leaseEndsAt } } };
  await counters.change(`team ${startsAt} acme`, () => ({ next: state, result: undefined }));
  await counters.change(`team ${startsAt} other`, () => ({ next: { ...emptyCounter, settled: 1 }, result: undefined }));
  expect(await json("budgets", "list")).toMatchObject([
    { id: "calls", limit: 90, unit: "requests", per: "minute", scope: { key: "k1" }, counters: [] },
    {
      id: "team",
      soft: 4,
      onSoft: "cheapest",
      counters: [
        { counted: "acme", spent: 3, held: 0.5 },
        { counted: "other", spent: 1, held: 0 },
      ],
    },
  ]);
  const table = await run("budgets", "show", "team");
  expect(table).toContain("5usd/month for each tenant; from $4.0000 on: cheapest");
  expect(table).toMatch(/acme +│ +\$3\.0000 +│ +\$0\.5000 +│ +\$1\.5000/);
  await run("budgets", "delete", "team");
  await expect(run("budgets", "show", "team")).rejects.toMatchObject({ code: "USAGE" });
});

test("a key is created with budgets, which go with it", async () => {
  const created = (await json("keys", "create", "--name", "x", "--budget", "5usd/day", "--budget", "60requests/minute")) as {
    id: string;
  };
  const { id } = created;
  expect(await json("keys", "list")).toMatchObject([{ id, budgets: ["5usd/day", "60requests/minute"] }]);
  expect(await json("budgets", "list")).toMatchObject([{ id: `key-${id}-1`, scope: { key: id } }, { id: `key-${id}-2` }]);
  await run("keys", "delete", id);
  expect(await json("budgets", "list")).toEqual([]);
});

test.each([
  ["an unknown unit", ["--limit", "5eur/day"]],
  ["a soft limit above the limit", ["--limit", "5usd/day", "--soft", "6"]],
])("%s is refused", async (_case, options) => {
  await expect(run("budgets", "set", "b", ...options)).rejects.toMatchObject({ code: "USAGE" });
});
