// What a command line comes to, whoever runs it.
import { type ProgramParts, runProgram } from "./program.ts";
import { errorLine, exitCodeOf, failureOf, stackOf } from "./terminal/exit-code.ts";
import { explainRefusedWrite } from "./terminal/refused-write.ts";

/** Runs a command, and prints why it failed. @returns the exit code of the failure; undefined without one. */
export async function runCommandLine(argv: readonly string[], parts: ProgramParts): Promise<number | undefined> {
  const { terminal, variables, dataFolder } = parts.environment;
  // Looked up in the arguments themselves, so that it also holds when they cannot be parsed.
  const hasFlag = (...names: readonly string[]): boolean => names.some((name) => argv.includes(name));
  const isVerbose = hasFlag("--verbose", "-v") || ["debug", "trace"].includes(variables.NOCP_LOG_LEVEL ?? "");
  try {
    await runProgram(argv, parts);
    return undefined;
  } catch (thrown) {
    const error = explainRefusedWrite(thrown, dataFolder);
    const failure = failureOf(error);
    if (hasFlag("--json")) terminal.print(JSON.stringify({ error: failure }));
    else terminal.note(errorLine(failure));
    if (isVerbose) terminal.note(stackOf(error));
    return exitCodeOf(error);
  }
}
