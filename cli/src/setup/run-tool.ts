// Runs a program of the system to its end and hands back what it said.
import { spawn } from "node:child_process";

export interface ToolOutcome {
  /** 127 when the program is not installed. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The program is killed after this time, in milliseconds. */
  readonly timeoutMs?: number;
}

export type RunTool = (program: string, args: readonly string[], options?: ToolOptions) => Promise<ToolOutcome>;

const notFound = 127;
const defaultTimeoutMs = 120_000;

/** @param environment what the programs inherit. */
export const createRunTool =
  (environment: Readonly<Record<string, string | undefined>>): RunTool =>
  (program, args, options = {}) =>
    new Promise((resolve) => {
      const child = spawn(program, args, {
        cwd: options.folder,
        env: { ...environment, LC_ALL: "C", ...options.environment },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: options.timeoutMs ?? defaultTimeoutMs,
      });
      const texts = { stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        texts.stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        texts.stderr += text;
      });
      child.on("error", (error) => resolve({ exitCode: notFound, stdout: "", stderr: error.message }));
      child.on("close", (exitCode) => resolve({ exitCode: exitCode ?? 1, ...texts }));
    });
