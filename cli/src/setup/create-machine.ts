// The machine as a command sees it.
import type { CommonOptions, Surroundings } from "../command.ts";
import type { Machine } from "./machine.ts";
import { createRunTool } from "./run-tool.ts";

/** Steps are reported on stderr with --verbose only. */
export const createMachine = ({ environment, dataFolder, terminal }: Surroundings, { verbose }: CommonOptions): Machine => ({
  environment,
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  dataFolder,
  run: createRunTool(environment),
  report: (line) => {
    if (verbose) terminal.note(terminal.noteColors.dim(`  ${line}`));
  },
});
