import { describe, expect, it } from "vitest";
import { rerunFailed, unsteadyLines } from "./rerun-failed.ts";
import type { VitestOutcome } from "./run-vitest.ts";
import { type TestFailure, type TestSummary, testReportSchema } from "./test-summary.ts";

const failure = (file: string, test = "does its work"): TestFailure => ({ file, test, message: "expected 1 to be 2\nat line 3" });
const summaryOf = (...failures: TestFailure[]): TestSummary => ({
  passed: 10,
  failed: failures.length,
  skipped: 0,
  durationMs: 1,
  categories: {},
  failures,
});
const outcomeOf = (file: string, ...statuses: readonly string[]): VitestOutcome => {
  const assertionResults = statuses.map((status, at) => ({ fullName: `test ${at}`, status, failureMessages: ["again"] }));
  return {
    exitCode: statuses.includes("failed") ? 1 : 0,
    report: testReportSchema.parse({
      startTime: 0,
      testResults: [{ name: `/project/${file}`, status: "passed", assertionResults }],
    }),
    unhandledErrors: 0,
  };
};

/** Reruns what failed, with the outcome that each file has alone. */
async function rerun(first: TestSummary, alone: Readonly<Record<string, VitestOutcome>>, final: readonly string[] = []) {
  const ran: string[] = [];
  const runAlone = async (file: string) => {
    ran.push(file);
    return alone[file] ?? expect.unreachable(file);
  };
  const summary = await rerunFailed(first, { root: "/project", final, runAlone, signal: new AbortController().signal });
  return { ran, summary };
}

describe("running failed files once more", () => {
  it("runs each file once, and counts its failures no longer when it passes alone", async () => {
    const first = summaryOf(failure("a.test.ts", "one"), failure("a.test.ts", "two"), failure("b.test.ts"));
    const { ran, summary } = await rerun(first, {
      "a.test.ts": outcomeOf("a.test.ts", "passed", "passed"),
      "b.test.ts": outcomeOf("b.test.ts", "passed", "failed"),
    });
    expect(ran).toEqual(["a.test.ts", "b.test.ts"]);
    expect(summary).toMatchObject({
      passed: 12,
      failed: 1,
      failures: [{ file: "b.test.ts" }],
      unsteady: [{ test: "one" }, { test: "two" }],
      reruns: [
        { file: "a.test.ts", passed: true, failures: [] },
        { file: "b.test.ts", passed: false, failures: [{ test: "test 1", message: "again" }] },
      ],
    });
  });

  it("leaves the failure of a file that is final as it is", async () => {
    const { ran, summary } = await rerun(summaryOf(failure("loss.test.ts")), {}, ["loss.test.ts"]);
    expect([ran, summary.passed, summary.failed, summary.unsteady]).toEqual([[], 10, 1, []]);
  });

  it("runs nothing when nothing failed", async () => {
    const { ran, summary } = await rerun(summaryOf(), {});
    expect([ran, summary.failed]).toEqual([[], 0]);
  });

  it.each([
    ["ran nothing", outcomeOf("a.test.ts")],
    ["skipped its tests", outcomeOf("a.test.ts", "pending")],
    ["wrote no report", { exitCode: 0, report: undefined, unhandledErrors: 0 }],
    ["had an error outside of its tests", { ...outcomeOf("a.test.ts", "passed"), exitCode: 1 }],
  ])("does not count a file as passed that %s", async (_what, outcome) => {
    const { summary } = await rerun(summaryOf(failure("a.test.ts")), { "a.test.ts": outcome });
    expect([summary.failed, summary.unsteady]).toEqual([1, []]);
  });

  it("stops when it is interrupted", async () => {
    const runAlone = () => expect.unreachable();
    const options = { root: "/project", final: [], runAlone, signal: AbortSignal.abort() };
    expect((await rerunFailed(summaryOf(failure("a.test.ts")), options)).failed).toBe(1);
  });
});

describe("what is printed of unsteady tests", () => {
  it("is their names and the first lines of their errors", () => {
    expect(unsteadyLines([failure("a.test.ts", "one")])).toEqual([
      "unsteady: failed beside others, passed alone",
      "  a.test.ts > one",
      "    expected 1 to be 2",
    ]);
  });

  it("is nothing when there are none", () => {
    expect(unsteadyLines([])).toEqual([]);
  });
});
