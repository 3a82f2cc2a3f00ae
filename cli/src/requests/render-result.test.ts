import { stripVTControlCharacters } from "node:util";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import { type NocpResult, resultSchema } from "@nocp/contracts/result.ts";
import { describe, expect, it } from "vitest";
import { exampleTransaction } from "../../../test/fixtures/transaction-example.ts";
import { createTerminal } from "../terminal/terminal.ts";
import { printResult } from "./print-result.ts";
import { latencyText, stageLine } from "./render-result.ts";

const exampleResult = (changes: Partial<NocpResult> = {}): NocpResult =>
  resultSchema.parse({
    ...exampleTransaction(),
    answer: "4.6.7",
    warnings: [],
    error: null,
    metadata: {},
    tools: [],
    strategies: [
      { strategy: "sentence-selection", before: 37_799, after: 1234, justification: "the question names it", itemIds: [] },
    ],
    ...changes,
  });

const failedResult = failedResultOf({
  tenant: "default",
  requestId: "0192f3a0-0000-7000-8000-000000000001",
  error: { code: "INVALID_REQUEST", message: "query: too long", stage: "act" },
  lane: "interactive",
  journey: [],
  attempts: [],
  traceId: null,
  submittedAt: 0,
  completedAt: 1,
});

function print(result: NocpResult, columns = 80, environment = {}) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    columns,
    write: (text: string) => {
      written[name] += text;
    },
  });
  printResult(createTerminal({ stdout: stream("stdout"), stderr: stream("stderr"), environment }), {}, result);
  return { ...written, lines: written.stderr.trimEnd().split("\n") };
}

it("puts the answer alone on stdout", () => expect(print(exampleResult()).stdout).toBe("4.6.7\n"));

it("begins every value of the bill in the same column, however long a title is", () => {
  const cost = { ...exampleResult().cost, reference: { model: "openai/gpt-5.4", usd: 0.004, baselineUsd: 0.01 } };
  const { lines } = print(exampleResult({ cost }));
  for (const [title, value] of [
    ["answered by", "openai/gpt-5-mini"],
    ["at openai/gpt-5.4", "$0.004000; without NOCP $0.010000"],
    ["input tokens", "1,000 → 300 (70% less)"],
  ]) {
    expect(lines).toContain(`  ${title?.padEnd("at openai/gpt-5.4".length)}  ${value}`);
  }
});

it.each([80, 120])("is never wider than %i columns, and goes on below the value", (columns) => {
  const { lines } = print(exampleResult(), columns);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  expect(lines.join(" ").replace(/\s+/g, " ")).toContain("articulate 25, model 1,200");
});

it("names the wait until a provider could be asked, where there was one", () => {
  const { latency } = exampleResult();
  expect(latencyText(latency)).not.toContain("provider");
  expect(latencyText({ ...latency, providerWaitMs: 1_040 })).toMatch(/, wait for provider.1,040$/);
});

it("says what each strategy did", () => expect(print(exampleResult()).stderr).toMatch(/sentence-selection │ +37,799 │/));

it("says how to fetch back what was archived, once a bundle", () => {
  const archived = [1, 2, 3].map((number) => ({ ref: `qbfjhgcmpe.${number}`, sha256: "", bytes: 10 }));
  const { lines } = print(exampleResult({ archived }));
  expect(lines.filter((line) => line.includes("archived"))).toEqual([
    expect.stringMatching(/ {2}archived +qbfjhgcmpe \(3 originals\): \.\/nocp archive get qbfjhgcmpe$/),
  ]);
});

it("leaves out what a failed request does not have", () => {
  const { stderr } = print(failedResult);
  expect(stderr).toContain("query: too long (INVALID_REQUEST)");
  expect(stderr).toContain(failedResult.requestId);
  expect(stderr).not.toMatch(/nobody|none|\?|answered by|format|tokens|trace/);
});

it.each([
  [{ usd: null, knownUsd: 0.75, baselineUsd: null }, "unknown, at least $0.750000"],
  [{ usd: null, knownUsd: 0, baselineUsd: null }, "unknown"],
  [{ usd: 0.25, baselineUsd: null }, "$0.250000"],
  [{ usd: 0.25, baselineUsd: 0.5 }, "$0.250000; without NOCP $0.500000"],
])("writes the cost %o as what is known of it", (cost, text) => {
  const { lines } = print(exampleResult({ cost: { ...exampleResult().cost, ...cost } }));
  expect(lines.find((line) => /^ +cost /.test(line))?.replace(/^ +cost +/, "")).toBe(text);
});

it("is the same in colours as without, but for the colours", () => {
  const painted = print(exampleResult(), 80, { FORCE_COLOR: "1" }).stderr;
  expect(painted).toContain("\u001b[");
  expect(stripVTControlCharacters(painted)).toBe(print(exampleResult()).stderr);
});

describe("what --watch reports about a stage", () => {
  it.each([
    ["stage-completed", null, 1, "done, waited 1.2 ms, worked 43 ms"],
    ["stage-completed", null, 3, "done, waited 1.2 ms, worked 43 ms, attempt 3"],
    ["stage-completed", "CANCELLED", 1, "failed with CANCELLED, waited 1.2 ms, worked 43 ms"],
    ["stage-retried", "RATE_LIMITED", 2, "failed with RATE_LIMITED, will be retried, waited 1.2 ms, worked 43 ms, attempt 2"],
    ["stage-retried", null, 1, "failed, will be retried, waited 1.2 ms, worked 43 ms"],
    ["dead-lettered", "INVALID_JSON", 1, "failed with INVALID_JSON, dead-lettered, waited 1.2 ms, worked 43 ms"],
  ])("%s with %s at attempt %i", (kind, code, attempt, line) => {
    const event = { requestId: "r", at: 0, queueWaitMs: 1.21, workMs: 43.4, attempt, code };
    expect(stageLine(kind, event)).toBe(line);
  });
});
