// Runs vitest as a process of its own and reads its JSON report.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestReport, testReportSchema } from "./test-summary.ts";

export interface VitestRun {
  readonly root: string;
  readonly categories: readonly string[];
  /** Filters by path; all files when empty. */
  readonly files: readonly string[];
  readonly reportFile: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Where vitest's own output goes: `stderr` keeps stdout for JSON. */
  readonly outputTo: "stdout" | "stderr";
}

export interface VitestOutcome {
  readonly exitCode: number;
  /** `undefined` when vitest ended before it wrote one. */
  readonly report: TestReport | undefined;
  /** Errors outside of any test. */
  readonly unhandledErrors: number;
}

export async function runVitest(run: VitestRun): Promise<VitestOutcome> {
  mkdirSync(dirname(run.reportFile), { recursive: true });
  const errorsFile = `${run.reportFile}.unhandled`;
  for (const file of [run.reportFile, errorsFile]) rmSync(file, { force: true });
  const args = [
    join(run.root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    ...run.categories.flatMap((category) => ["--project", category]),
    `--outputFile.json=${run.reportFile}`,
    ...run.files,
  ];
  // The pinned Node first on PATH: what tests start as `node` is the same one.
  const environment = {
    ...withoutColours(run.environment),
    PATH: `${dirname(process.execPath)}:${run.environment.PATH ?? ""}`,
    [unhandledErrorsVariable]: errorsFile,
  };
  const child = spawn(process.execPath, args, {
    cwd: run.root,
    env: environment,
    stdio: ["ignore", run.outputTo === "stdout" ? "inherit" : 2, "inherit"],
  });
  const onAbort = () => child.kill("SIGTERM");
  run.signal.addEventListener("abort", onAbort, { once: true });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
  run.signal.removeEventListener("abort", onAbort);
  return { exitCode, report: readReport(run.reportFile), unhandledErrors: readCount(errorsFile) };
}

/** Names the file that vitest's configuration has the errors outside of any test counted in. */
export const unhandledErrorsVariable = "NOCP_TEST_UNHANDLED_ERRORS_FILE";

/** Under CI vitest colours what goes into a file or a pipe too. */
const withoutColours = (environment: VitestRun["environment"]): VitestRun["environment"] =>
  process.stdout.isTTY || environment.FORCE_COLOR !== undefined ? environment : { ...environment, NO_COLOR: "1" };

const readCount = (file: string): number => (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0);

function readReport(file: string): TestReport | undefined {
  try {
    return testReportSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}
