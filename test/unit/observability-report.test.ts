import { renderReport } from "@nocp/observability/render-report.ts";
import { reportOf } from "@nocp/observability/report.ts";
import { openTransactionStore, type TransactionStore } from "@nocp/observability/transaction-store.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exampleCost, exampleTransaction } from "./observability-transaction-example.ts";

let store: TransactionStore;
beforeEach(() => {
  store = openTransactionStore(":memory:");
});
afterEach(() => store.close());

test("the table shows one line a transaction, newest last, and totals over exactly those", () => {
  store.write({
    transactions: [1, 2, 3].map((number) =>
      exampleTransaction({ requestId: `r${number}`, completedAt: number * 1000, traceId: `trace-${number}` }),
    ),
    incidents: [],
  });
  const lines = renderReport(reportOf(store, { last: 2 })).split("\n");
  expect(lines[0]).toMatch(/^time \(UTC\) +status +model +tokens in +saved +cost \$/);
  expect(lines[1]).toMatch(/succeeded +gpt-5-mini +1000 → 300 +70% +0\.002000 +0\.005000 +1300 +20 +10 +30 +1200 +25 +trace-2$/);
  expect(lines[2]).toMatch(/trace-3$/);
  expect(lines[4]).toMatch(/^2 request\(s\): 2 succeeded, 0 degraded, 0 failed/);
  expect(lines[5]).toContain("input tokens 2000 → 600 (70% saved)");
  expect(lines[6]).toBe("cost $0.004000; where both are known (2), $0.004000 instead of $0.010000");
});

test("a cost nobody knows is shown as unknown, in its line and below", () => {
  store.write({
    transactions: [exampleTransaction(), exampleTransaction({ requestId: "free", cost: exampleCost(null, null) })],
    incidents: [],
  });
  const text = renderReport(reportOf(store));
  expect(text).toMatch(/70% +\? +\? /);
  expect(text).toContain("unknown for 1 of 2, which no sum includes");
});

test("a failed request shows its error where the model would stand", () => {
  store.write({
    transactions: [exampleTransaction({ status: "failed", model: null, provider: null, errorCode: "DEADLINE_EXCEEDED" })],
    incidents: [],
  });
  expect(renderReport(reportOf(store))).toMatch(/failed +DEADLINE_EXCEEDED/);
});

test("there are no escape sequences unless colour is asked for, and colour changes nothing else", () => {
  store.write({ transactions: [exampleTransaction()], incidents: [] });
  const plain = renderReport(reportOf(store));
  const coloured = renderReport(reportOf(store), { colour: true });
  const escapeCharacter = String.fromCharCode(27);
  expect(plain).not.toContain(escapeCharacter);
  expect(coloured).toContain(escapeCharacter);
  expect(coloured.replaceAll(new RegExp(`${escapeCharacter}\\[[0-9]+m`, "g"), "")).toBe(plain);
});

test("without transactions it says so", () => {
  expect(renderReport(reportOf(store))).toBe("No transactions yet.\n");
});
