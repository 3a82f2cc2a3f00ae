// The machine as a command sees it.
import type { Environment } from "../command.ts";
import type { SettingOptions } from "../options/shared-options.ts";
import type { Machine } from "./machine.ts";
import { createRunTool } from "./run-tool.ts";

/** Steps are reported on stderr with --verbose only. */
export const createMachine = ({ variables, dataFolder, terminal }: Environment, { verbose }: SettingOptions): Machine => ({
  environment: variables,
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  dataFolder,
  run: createRunTool(variables),
  report: (line) => {
    if (verbose) terminal.note(terminal.noteColors.dim(`  ${line}`));
  },
});
