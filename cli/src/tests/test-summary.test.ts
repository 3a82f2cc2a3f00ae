import { describe, expect, it } from "vitest";
import { summarizeTests, summaryLine, testReportSchema } from "./test-summary.ts";

const fileResult = (path: string, statuses: readonly string[], status = "passed") => ({
  name: `/project/${path}`,
  status,
  message: status === "failed" ? "cannot be loaded" : "",
  assertionResults: statuses.map((state, index) => ({
    fullName: `test ${index}`,
    status: state,
    failureMessages: state === "failed" ? ["expected 1 to be 2"] : [],
  })),
});

const summarize = (...testResults: ReturnType<typeof fileResult>[]) =>
  summarizeTests(testReportSchema.parse({ startTime: 0, testResults }), "/project", 1500);

describe("the summary of a test run", () => {
  it("counts by category, and names what failed", () => {
    const summary = summarize(
      fileResult("cli/src/a.test.ts", ["passed", "passed", "failed"], "failed"),
      fileResult("test/e2e/b.test.ts", ["passed", "pending"]),
    );
    expect(summary).toMatchObject({
      passed: 3,
      failed: 1,
      skipped: 1,
      durationMs: 1500,
      categories: { unit: { passed: 2, failed: 1, skipped: 0 }, e2e: { passed: 1, failed: 0, skipped: 1 } },
      failures: [{ file: "cli/src/a.test.ts", test: "test 2", message: "expected 1 to be 2" }],
    });
  });

  it("counts a file that cannot be loaded as a failure, since none of its tests ran", () => {
    const summary = summarize(fileResult("test/unit/broken.test.ts", [], "failed"));
    expect([summary.failed, summary.failures[0]?.message]).toEqual([1, "cannot be loaded"]);
  });

  it("ends in one line, with what was skipped only when something was", () => {
    expect(summaryLine({ passed: 12, failed: 0, skipped: 0 })).toBe("12 passed, 0 failed");
    expect(summaryLine({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
  });
});
