// What definitions of tools cost in each form, and how often the tool that a question needs is among those that are offered.
import { defaultModel } from "@nocp/assess/config.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { printReport } from "./reports/print-report.ts";
import { markdownTable } from "./reports/table.ts";
import { measureToolSets, type ToolSetFigures } from "./tool-sets/measure-tools.ts";

const options = readOptions(
  benchmarkCommand("tools").option("--show", "print the questions whose tool is not offered, and those that get all tools"),
);
const figures = measureToolSets(createTokenCounter(defaultModel));
if (options.show)
  for (const { set, lost, undecided } of figures) {
    for (const question of lost) console.error(`${set}: not offered: ${question}`);
    for (const question of undecided) console.error(`${set}: all tools: ${question}`);
  }
const columns = ["tools", "whole", "compact", "short", "selected", "questions", "tool offered", "all offered"];
const row = ({ set, tokens, questions, lost, undecided }: ToolSetFigures): string[] => [
  set,
  ...[tokens.whole, tokens.compact, tokens.short, Math.round(tokens.selected)].map((count) => count.toLocaleString("en")),
  String(questions),
  (1 - lost.length / questions).toFixed(3),
  String(undecided.length),
];
printReport(markdownTable(columns, figures.map(row), [0]).join("\n"), { figures }, options.json);
