// One answered example on the terminal: the answer, its check, its bill.
import { billLines, problemLines, strategyTable } from "../requests/render-result.ts";
import { hangingLines, renderFields } from "../terminal/render-fields.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { visibleWidth, wrapText } from "../terminal/wrap-text.ts";
import type { ExampleRun } from "./run-examples.ts";

/** Longer answers are cut on the screen, not in the result. */
const shownAnswerLines = 12;

export function printRun(terminal: Terminal, { example, result, checks }: ExampleRun): void {
  const { bold, green, red, yellow, dim } = terminal.colors;
  const hang = (start: string, startWidth: number, text: string) => {
    for (const line of hangingLines(start, startWidth, text, terminal.width)) terminal.print(line);
  };
  const file = `(examples/${example.name})`;
  const fits = visibleWidth(`${example.title} ${file}`) <= terminal.width;
  terminal.print("");
  terminal.print(`${bold(example.title)}${fits ? " " : "\n"}${dim(file)}`);
  hang(`  ${dim("question")} `, 11, example.request.query ?? "");
  const lines = wrapText(result.answer ?? "no answer", terminal.width - 4);
  for (const line of lines.slice(0, shownAnswerLines)) terminal.print(`  ${dim("│")} ${line}`);
  if (lines.length > shownAnswerLines) terminal.print(`  ${dim(`│ … ${lines.length - shownAnswerLines} more lines`)}`);
  for (const { what, passed } of checks) terminal.print(`  ${passed ? green("✓") : red("✗")} ${what}`);
  for (const line of problemLines(result)) hang(`  ${yellow("!")} `, 4, line);
  const table = strategyTable(result, terminal);
  if (table) terminal.print(table);
  for (const line of renderFields(billLines(result), terminal.width, dim)) terminal.print(line);
}
