import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { stripVTControlCharacters } from "node:util";
import { reportOf } from "@nocp/observability/report.ts";
import { openTransactionStore, type TransactionStore } from "@nocp/observability/transaction-store.ts";
import picocolors from "picocolors";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writtenEnvironment } from "../../../test/fixtures/cli-environment.ts";
import { exampleCost, exampleTransaction } from "../../../test/fixtures/transaction-example.ts";
import { runProgram } from "../program.ts";
import { renderReport } from "./render-report.ts";

const plain = { width: 120, colors: picocolors.createColors(false) };

describe("the report", () => {
  let store: TransactionStore;
  beforeEach(() => {
    store = openTransactionStore(":memory:");
  });
  afterEach(() => store.close());

  const write = (...transactions: Parameters<typeof exampleTransaction>[0][]) =>
    store.write({ transactions: transactions.map(exampleTransaction), incidents: [] });
  const lines = (last = 20, terminal = plain) => renderReport(reportOf(store, { last }), terminal);

  it("shows the bill and the times of each transaction, newest last, and totals over exactly those", () => {
    write(...[1, 2, 3].map((number) => ({ requestId: `request-${number}`, completedAt: number * 60_000 })));
    expect(lines(2)).toEqual([
      "time (UTC)        status     request    model",
      "1970-01-01 00:02  succeeded  request-2  gpt-5-mini",
      "  tokens in 1,000 → 300 (70% less), cost $0.002000; without NOCP $0.005000",
      "  1,300 ms: queue 20, act 10, assess 30, llm-router 15, articulate 25, model 1,200",
      "1970-01-01 00:03  succeeded  request-3  gpt-5-mini",
      "  tokens in 1,000 → 300 (70% less), cost $0.002000; without NOCP $0.005000",
      "  1,300 ms: queue 20, act 10, assess 30, llm-router 15, articulate 25, model 1,200",
      "",
      "2 requests: 2 succeeded, 0 degraded, 0 failed; 4 provider calls, 0 from a cache",
      "input tokens 2,000 → 600 (70% less), output tokens 100 → 80 (20% less)",
      "cost $0.004000",
      "compared $0.004000; without NOCP $0.010000",
      "at the reference model $0.008000; without NOCP $0.020000",
      "latency p50 1,300 ms, p95 1,300 ms, p99 1,300 ms",
      "  openai/gpt-5-mini: 2 requests, $0.004000",
    ]);
  });

  it.each([80, 120])("is never wider than %i columns, and keeps request ids in one piece", (width) => {
    const model = "a-model-with-a-name-that-is-longer-than-others";
    const usual = exampleTransaction();
    write({ model }, { ...usual, tokens: { ...usual.tokens, input: { raw: 1_237_799, optimized: 999_999 } } });
    const shown = lines(20, { ...plain, width });
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(shown.join("\n")).toContain(usual.requestId);
    expect(shown.join("\n")).toContain(model);
  });

  it("shows a cost nobody knows as unknown, in its line and below", () => {
    write({}, { requestId: "dear", cost: exampleCost(null, null) });
    expect(lines().join("\n")).toMatch(/70% less\), cost unknown\n/);
    expect(lines()).toContain("cost unknown, at least $0.002000 (unknown for 1 of 2 requests)");
  });

  it("shows of a cost that is known in part how much it is at least, in its line and in the sums", () => {
    write({}, { requestId: "lost", cost: { ...exampleCost(null, null), knownUsd: 0.75 } });
    const shown = lines();
    expect(shown.join("\n")).toContain("cost unknown, at least $0.750000");
    expect(shown).toContain("cost unknown, at least $0.752000 (unknown for 1 of 2 requests)");
    expect(shown.at(-1)).toBe("  openai/gpt-5-mini: 2 requests, unknown, at least $0.752000 (unknown for 1 of 2 requests)");
  });

  it.each([
    ["tenant", ["acme: 2 requests, $0.004000", "default: 1 request, $0.002000"]],
    ["key", ["team-1: 2 requests, $0.004000", "none: 1 request, $0.002000"]],
    ["tag", ["a: 2 requests, $0.004000", "none: 1 request, $0.002000", "b: 1 request, $0.002000"]],
    ["model", ["openai/gpt-5-mini: 3 requests, $0.006000"]],
  ] as const)("groups by %s", (grouping, expected) => {
    write(
      { requestId: "1", tenant: "acme", key: "team-1", tags: ["a", "b"] },
      { requestId: "2", tenant: "acme", key: "team-1", tags: ["a"] },
      { requestId: "3" },
    );
    const shown = renderReport(reportOf(store, {}, grouping), plain);
    expect(
      shown
        .slice(-expected.length)
        .map((line) => line.trim())
        .sort(),
    ).toEqual([...expected].sort());
  });

  it("shows a failed request's error where the model would stand", () => {
    write({ status: "failed", model: null, provider: null, errorCode: "DEADLINE_EXCEEDED" });
    expect(lines()[1]).toMatch(/failed +\S+ +DEADLINE_EXCEEDED$/);
  });

  it("is the same in colours as without, but for the colours", () => {
    write({});
    const coloured = lines(20, { ...plain, colors: picocolors.createColors(true) }).join("\n");
    expect(coloured).toContain(picocolors.createColors(true).green("succeeded"));
    expect(stripVTControlCharacters(coloured)).toBe(lines().join("\n"));
  });
});

describe("./nocp report", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nocp-cli-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function report(...args: string[]) {
    const written = writtenEnvironment({ root: folder });
    await runProgram(["report", ...args], { environment: written.environment, version: "0" });
    return written.stdout();
  }

  it("says where it found nothing, and that the demo keeps its own", async () => {
    const where =
      "No transactions in .nocp/transactions.sqlite yet. Publish a request first. (The transactions of ./nocp demo are in .nocp/demo/.)\n";
    expect(await report()).toBe(where);
    const file = join(folder, "empty.sqlite");
    openTransactionStore(file).close();
    expect(await report("--database", file, "--tenant", "acme")).toBe(`No transactions of tenant acme in ${file} yet.\n`);
  });

  it("refuses a file that is missing, no database, or another one", async () => {
    const [text, other] = [join(folder, "README.md"), join(folder, "other.sqlite")];
    writeFileSync(text, "# Not a database, but long enough to have the header of one. ".repeat(20));
    const database = new DatabaseSync(other);
    database.exec("CREATE TABLE packages (name TEXT)");
    database.close();
    await expect(report("--database", join(folder, "nothing"))).rejects.toMatchObject({ code: "USAGE" });
    for (const file of [text, other]) {
      await expect(report("--database", file)).rejects.toThrow(`${file} is not a database of transactions`);
    }
  });
});
