// Composition root of the command line.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "./program.ts";
import { errorLine, exitCodeOf } from "./terminal/exit-code.ts";
import { createInterruption } from "./terminal/interruption.ts";
import { createTerminal } from "./terminal/terminal.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const argv = process.argv.slice(2);
const terminal = createTerminal({ stdout: process.stdout, stderr: process.stderr, environment: process.env });
const isVerbose =
  argv.includes("--verbose") || argv.includes("-v") || ["debug", "trace"].includes(process.env.NOCP_LOG_LEVEL ?? "");

const interruption = createInterruption(process, (exitCode) => process.exit(exitCode));

/** What writing fails with behind `| head`, and in a terminal that was closed. */
const readerGoneCodes = ["EPIPE", "EIO"];
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (!readerGoneCodes.includes(error.code ?? "")) throw error;
    interruption.readerGone();
  });
}

try {
  await runProgram(argv, {
    version: (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version,
    environment: {
      root,
      dataFolder: join(root, ".nocp"),
      variables: process.env,
      terminal,
      interruption,
      stdin: process.stdin,
      stdout: process.stdout,
    },
  });
} catch (error) {
  terminal.note(errorLine(error, isVerbose));
  process.exitCode = exitCodeOf(error);
}
// What an interrupted command still waited for, such as an answer, does not hold up its end.
if (interruption.hasFired()) process.exit();
