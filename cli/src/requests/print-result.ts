// A result on the terminal: the answer on stdout, everything about it on stderr.
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { CommonOptions } from "../options/shared-options.ts";
import { exitCodes } from "../terminal/exit-code.ts";
import { renderFields } from "../terminal/render-fields.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { archivedFields, billLines, problemLines, strategyTable } from "./render-result.ts";

/** @param shown what of the answer stands on stdout already, streamed. */
export function printResult(terminal: Terminal, options: CommonOptions, result: NocpResult, shown = ""): void {
  if (options.json) {
    terminal.printJson(result);
    return;
  }
  if (result.answer !== null && result.answer !== shown) terminal.print(result.answer);
  const { yellow, red, dim, bold } = terminal.noteColors;
  const paint = { succeeded: bold, degraded: yellow, failed: red };
  terminal.note(paint[result.status](result.status));
  for (const line of problemLines(result)) terminal.note(`  ${line}`);
  const table = strategyTable(result, { width: terminal.width, colors: terminal.noteColors });
  if (table) terminal.note(table);
  const fields = [...billLines(result), ...archivedFields(result)];
  for (const line of renderFields(fields, terminal.width, dim)) terminal.note(line);
}

/** A failed result fails the command; one that came too late counts as none. */
export function exitCodeOfResult(result: NocpResult): number {
  if (result.status !== "failed") return exitCodes.ok;
  return result.error?.code === "DEADLINE_EXCEEDED" ? exitCodes.noResult : exitCodes.failed;
}
