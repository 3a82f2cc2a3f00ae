import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exampleCost, exampleTransaction } from "../../../test/fixtures/transaction-example.ts";
import { databaseVersion, migrations } from "./database-migrations.ts";
import { transactionRow } from "./transaction-row.ts";
import { openTransactionStore, type StageIncident, type TransactionStore } from "./transaction-store.ts";

const incident: StageIncident = {
  requestId: "r1",
  stage: "act",
  kind: "stage-retried",
  at: 1000,
  attempt: 1,
  queueWaitMs: 1,
  workMs: 2,
  code: "TOOL_TIMEOUT",
};

let folder: string;
let store: TransactionStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nocp-store-"));
  store = openTransactionStore(join(folder, "deep", "transactions.sqlite"));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    exampleTransaction({
      requestId: `request-${index}`,
      completedAt: 1000 + index,
      latency: { ...exampleTransaction().latency, totalMs: index + 1 },
    }),
  );

describe("writing", () => {
  test("an event that is delivered twice, in one batch or in two, is recorded once", () => {
    const transaction = exampleTransaction();
    const first = store.write({ transactions: [transaction, transaction], incidents: [incident, incident] });
    expect(first.transactions).toHaveLength(1);
    expect(first.incidents).toHaveLength(1);
    const second = store.write({ transactions: [transaction], incidents: [incident] });
    expect(second).toEqual({ transactions: [], incidents: [] });
    expect(store.totals().count).toBe(1);
  });

  test.each([
    ["in order", [1000, 2000]],
    ["out of order", [2000, 1000]],
  ])("a redriven request, its finishes recorded %s, counts once, by its last finish", (_, finishes) => {
    for (const completedAt of finishes) {
      const status = completedAt === 2000 ? ("succeeded" as const) : ("failed" as const);
      store.write({ transactions: [exampleTransaction({ completedAt, status })], incidents: [] });
    }
    expect(store.totals()).toMatchObject({ count: 1, succeeded: 1, failed: 0 });
    expect(store.latest().map((summary) => summary.completedAt)).toEqual([2000]);
  });

  test("a batch that fails half way leaves nothing behind, and the store goes on working", () => {
    const broken = { ...exampleTransaction({ requestId: "broken" }), lane: null as unknown as "batch" };
    expect(() => store.write({ transactions: [exampleTransaction(), broken], incidents: [] })).toThrow(/NOT NULL/);
    expect(store.totals().count).toBe(0);
    store.write({ transactions: [exampleTransaction()], incidents: [] });
    expect(store.totals().count).toBe(1);
  });

  test("what was written is there after the file is opened again, also for reading only", () => {
    store.write({ transactions: [exampleTransaction()], incidents: [] });
    const reader = openTransactionStore(join(folder, "deep", "transactions.sqlite"), { readOnly: true });
    expect(reader.latest()[0]).toMatchObject({
      model: "gpt-5-mini",
      costUsd: 0.002,
      attemptCount: 2,
      traceId: expect.any(String),
    });
    expect(() => reader.write({ transactions: [], incidents: [] })).toThrow(/reading only/);
    reader.close();
  });

  test("reading a file that is not there says so and creates nothing", () => {
    const file = join(folder, "absent.sqlite");
    expect(() => openTransactionStore(file, { readOnly: true })).toThrow(/no transactions yet/);
    expect(() => new DatabaseSync(file, { readOnly: true })).toThrow();
  });

  test("a database of a newer program is refused and left as it is", () => {
    const file = join(folder, "newer.sqlite");
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${databaseVersion + 1}`);
    database.close();
    expect(() => openTransactionStore(file)).toThrow(/update the program/);
  });

  test("that an earlier version wrote keeps its rows, with the work of each stage by its name", () => {
    const file = join(folder, "old.sqlite");
    const database = new DatabaseSync(file);
    database.exec(migrations[0] as string);
    const {
      stage_ms: _stages,
      known_usd: _known,
      tags: _tags,
      billing_key: _key,
      ...row
    } = transactionRow(exampleTransaction({ requestId: "old" }));
    const columns = { ...row, act_ms: 1, assess_ms: 2, router_ms: 3, articulate_ms: 4 };
    database
      .prepare(`INSERT INTO transactions (${Object.keys(columns).join()}) VALUES (${Object.keys(columns).fill("?").join()})`)
      .run(...Object.values(columns));
    database.exec("PRAGMA user_version = 1");
    database.close();
    expect(() => openTransactionStore(file, { readOnly: true })).toThrow("the database has version 1");
    const migrated = openTransactionStore(file);
    expect(migrated.latest()).toMatchObject([
      {
        requestId: "old",
        costUsd: 0.002,
        knownUsd: 0.002,
        tags: [],
        billingKey: null,
        stageMs: { act: 1, assess: 2, "llm-router": 3, articulate: 4 },
      },
    ]);
    migrated.close();
  });

  test("two processes may write to one file", () => {
    const second = openTransactionStore(join(folder, "deep", "transactions.sqlite"));
    store.write({ transactions: [exampleTransaction({ requestId: "a" })], incidents: [] });
    second.write({
      transactions: [exampleTransaction({ requestId: "a" }), exampleTransaction({ requestId: "b" })],
      incidents: [],
    });
    expect(store.totals().count).toBe(2);
    second.close();
  });
});

describe("asking", () => {
  test("unknown costs are in no sum and are counted apart", () => {
    const costs = [exampleCost(0.1, 0.4), exampleCost(null, null), exampleCost(0.2, null), exampleCost(0, 0.3)];
    store.write({
      transactions: costs.map((cost, index) => exampleTransaction({ requestId: `r${index}`, cost })),
      incidents: [],
    });
    const totals = store.totals();
    expect(totals.costUsd).toBeCloseTo(0.3, 12);
    expect(totals.unknownCostCount).toBe(1);
    expect(totals.comparedCount).toBe(2);
    expect(totals.comparedCostUsd).toBeCloseTo(0.1, 12);
    expect(totals.comparedBaselineUsd).toBeCloseTo(0.7, 12);
  });

  test("when no cost is known the sum is null, not 0", () => {
    store.write({ transactions: [exampleTransaction({ cost: exampleCost(null, null) })], incidents: [] });
    expect(store.totals()).toMatchObject({
      costUsd: null,
      comparedCostUsd: null,
      comparedBaselineUsd: null,
      unknownCostCount: 1,
    });
  });

  test("percentiles are the nearest ranks", () => {
    store.write({ transactions: numbered(100), incidents: [] });
    expect(store.latencyPercentiles()).toEqual({ p50Ms: 50, p95Ms: 95, p99Ms: 99 });
    expect(store.latencyPercentiles({ last: 1 })).toEqual({ p50Ms: 100, p95Ms: 100, p99Ms: 100 });
  });

  test("an empty store has totals of zero and no percentiles", () => {
    expect(store.totals()).toMatchObject({ count: 0, succeeded: 0, inputTokensRaw: 0, costUsd: null });
    expect(store.latencyPercentiles()).toEqual({ p50Ms: null, p95Ms: null, p99Ms: null });
    expect(store.latest()).toEqual([]);
  });

  test("the scope limits every question alike: the newest, since a time, of a tenant", () => {
    store.write({ transactions: numbered(10), incidents: [] });
    store.write({ transactions: [exampleTransaction({ requestId: "other", tenant: "acme", completedAt: 5 })], incidents: [] });
    expect(store.latest({ last: 2 }).map((summary) => summary.requestId)).toEqual(["request-9", "request-8"]);
    expect(store.totals({ last: 3 })).toMatchObject({ count: 3, inputTokensRaw: 3000, inputTokensOptimized: 900 });
    expect(store.totals({ since: 1008 }).count).toBe(2);
    expect(store.totals({ tenant: "acme" }).count).toBe(1);
    expect(store.totalsByModel({ last: 4 })).toMatchObject([{ provider: "openai", model: "gpt-5-mini", count: 4 }]);
  });
});

describe("retention", () => {
  test("deletes at most so many rows a step, oldest first, incidents included", () => {
    store.write({ transactions: numbered(10), incidents: [incident] });
    expect(store.deleteBefore(1008, 5)).toBe(6);
    expect(store.latest().at(-1)?.completedAt).toBe(1005);
    expect(store.deleteBefore(1008, 5)).toBe(3);
    expect(store.deleteBefore(1008, 5)).toBe(0);
    expect(store.totals().count).toBe(2);
  });
});
