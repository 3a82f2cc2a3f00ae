// What a run of the tests came to, from vitest's JSON report.
import { relative, sep } from "node:path";
import { z } from "zod";
import { categoryOf } from "./test-categories.ts";

/** The part of vitest's (and Jest's) JSON report that is read. */
export const testReportSchema = z.object({
  startTime: z.number(),
  testResults: z.array(
    z.object({
      name: z.string().describe("Absolute path of the test file."),
      status: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});
export type TestReport = z.infer<typeof testReportSchema>;

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface TestFailure {
  /** Path from the project's folder, with slashes. */
  readonly file: string;
  readonly test: string;
  readonly message: string;
}

export interface TestSummary extends TestCounts {
  readonly durationMs: number;
  readonly categories: Readonly<Record<string, TestCounts>>;
  readonly failures: readonly TestFailure[];
}

/** A file that cannot be loaded has no tests and counts as one failure. @param root the project's folder, absolute. */
export function summarizeTests(report: TestReport, root: string, durationMs: number): TestSummary {
  const categories: Record<string, { passed: number; failed: number; skipped: number }> = {};
  const failures: TestFailure[] = [];
  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = relative(root, name).split(sep).join("/");
    const category = categoryOf(file);
    categories[category] ??= { passed: 0, failed: 0, skipped: 0 };
    const counts = categories[category];
    for (const test of assertionResults) {
      if (test.status === "passed") counts.passed += 1;
      else if (test.status === "failed") counts.failed += 1;
      else counts.skipped += 1;
      if (test.status === "failed") failures.push({ file, test: test.fullName, message: test.failureMessages?.[0] ?? "" });
    }
    if (status === "failed" && !assertionResults.some((test) => test.status === "failed")) {
      counts.failed += 1;
      failures.push({ file, test: "the file as a whole", message });
    }
  }
  const sum = (key: keyof TestCounts) => Object.values(categories).reduce((total, counts) => total + counts[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped"), durationMs, categories, failures };
}

/** `12 passed, 1 failed`, and `, 2 skipped` when there are any. */
export const summaryLine = ({ passed, failed, skipped }: TestCounts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
