// One answered example on the terminal: the answer, its check, its bill.
import { billLines, problemLines, strategyTable } from "../requests/render-result.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { ExampleRun } from "./run-examples.ts";

/** Longer answers are cut on the screen, not in the result. */
const shownAnswerLines = 12;

export function printRun(terminal: Terminal, { example, result, checks }: ExampleRun): void {
  const { bold, green, red, yellow, dim } = terminal.colors;
  terminal.print("");
  terminal.print(`${bold(example.title)} ${dim(`(examples/${example.name})`)}`);
  terminal.print(`  ${dim("question")} ${example.request.query ?? ""}`);
  const lines = (result.answer ?? "no answer").split("\n");
  for (const line of lines.slice(0, shownAnswerLines)) terminal.print(`  ${dim("│")} ${line}`);
  if (lines.length > shownAnswerLines) terminal.print(`  ${dim(`│ … ${lines.length - shownAnswerLines} more lines`)}`);
  for (const { what, passed } of checks) terminal.print(`  ${passed ? green("✓") : red("✗")} ${what}`);
  for (const line of problemLines(result)) terminal.print(`  ${yellow("!")} ${line}`);
  const table = strategyTable(result, terminal);
  if (table) terminal.print(table);
  const bill = billLines(result);
  const width = Math.max(...bill.map(([title]) => title.length));
  for (const [title, value] of bill) terminal.print(`  ${dim(title.padEnd(width))}  ${value}`);
}
