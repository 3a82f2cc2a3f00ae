// Failed test files once more, alone and one after the other: which failures came from what ran beside them.
import type { VitestOutcome } from "./run-vitest.ts";
import { summarizeTests, type TestFailure, type TestSummary } from "./test-summary.ts";

export interface Rerun {
  readonly file: string;
  readonly passed: boolean;
  /** Of the second run. */
  readonly failures: readonly TestFailure[];
}

export interface SummaryWithReruns extends TestSummary {
  /** Failures of the first run in files that passed alone. They count as passed; `categories` has the first run as it was. */
  readonly unsteady: readonly TestFailure[];
  readonly reruns: readonly Rerun[];
}

export interface RerunOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Files whose first failure stands. */
  readonly final: readonly string[];
  /** Runs one test file with nothing beside it. */
  readonly runAlone: (file: string) => Promise<VitestOutcome>;
  /** No further file is run once it has fired. */
  readonly signal: AbortSignal;
}

/** The files with failed tests that may run again, each once. */
export const selectReruns = ({ failures }: TestSummary, final: readonly string[]): string[] =>
  [...new Set(failures.map(({ file }) => file))].filter((file) => !final.includes(file));

export async function rerunFailed(first: TestSummary, options: RerunOptions): Promise<SummaryWithReruns> {
  const reruns: Rerun[] = [];
  for (const file of selectReruns(first, options.final)) {
    if (options.signal.aborted) break;
    reruns.push(rerunOf(file, await options.runAlone(file), options.root));
  }
  return withReruns(first, reruns);
}

/** A file of which nothing ran has not passed, nor has one with an error outside of its tests. */
function rerunOf(file: string, { exitCode, report }: VitestOutcome, root: string): Rerun {
  const summary = report && summarizeTests(report, root, 0);
  return { file, passed: exitCode === 0 && summary?.failed === 0 && summary.passed > 0, failures: summary?.failures ?? [] };
}

/** What the first run came to, without the failures of files that passed the second time. */
export function withReruns(first: TestSummary, reruns: readonly Rerun[]): SummaryWithReruns {
  const steadied = new Set(reruns.filter(({ passed }) => passed).map(({ file }) => file));
  const unsteady = first.failures.filter(({ file }) => steadied.has(file));
  return {
    ...first,
    passed: first.passed + unsteady.length,
    failed: first.failed - unsteady.length,
    failures: first.failures.filter(({ file }) => !steadied.has(file)),
    unsteady,
    reruns,
  };
}

/** One line for a test and one for the first line of its error; none where nothing was unsteady. */
export function unsteadyLines(unsteady: readonly TestFailure[]): string[] {
  if (unsteady.length === 0) return [];
  const tests = unsteady.flatMap(({ file, test, message }) => [`  ${file} > ${test}`, `    ${message.split("\n", 1)[0]}`]);
  return ["unsteady: failed beside others, passed alone", ...tests];
}
