// Loads the grammars of the programs among the items, before their structure is read.
import { loadGrammarFor } from "@nocp/text/structure/grammars.ts";
import type { MeasuredItem } from "../compression-strategy.ts";
import { textResultOf } from "./text-result.ts";

/** Fewer tokens are seldom cut: no grammar is loaded for them. */
const fewestTokens = 300;

export async function loadGrammars(items: readonly MeasuredItem[]): Promise<void> {
  for (const { item, tokens } of items) {
    if (tokens < fewestTokens || item.kind === "message") continue;
    if (item.kind === "document") await loadGrammarFor(item.title, item.text);
    else {
      const result = textResultOf(item.data);
      if (result) await loadGrammarFor(result.name, result.text);
    }
  }
}
