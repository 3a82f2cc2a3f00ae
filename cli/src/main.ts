// Composition root of the command line.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommandLine } from "./command-line.ts";
import { productVersionOf } from "./product-version.ts";
import { createInterruption } from "./terminal/interruption.ts";
import { createTerminal } from "./terminal/terminal.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const argv = process.argv.slice(2);
const terminal = createTerminal({ stdout: process.stdout, stderr: process.stderr, environment: process.env });
const interruption = createInterruption(process, (exitCode) => process.exit(exitCode));

/** What writing fails with when `| head` has ended, or the terminal was closed. */
const readerGoneCodes = ["EPIPE", "EIO"];
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (!readerGoneCodes.includes(error.code ?? "")) throw error;
    interruption.readerGone();
  });
}

const exitCode = await runCommandLine(argv, {
  version: productVersionOf(root),
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
if (exitCode !== undefined) process.exitCode = exitCode;
// An interrupted command may still wait for something, such as an answer: do not wait for that.
if (interruption.hasFired()) process.exit();
