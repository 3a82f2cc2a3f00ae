// Texts in which a line is only true under its own parents: prose, conversations, configuration, tool output, diffs, code, HTML.
import { markupKindOf, readableMarkup } from "@nocp/text/structure/readable-markup.ts";
import { codeCases } from "../faithfulness/code-cases.ts";
import { configurationCases } from "../faithfulness/configuration-cases.ts";
import { conversationCases } from "../faithfulness/conversation-cases.ts";
import { type FaithfulnessCase, hasFacts, judge } from "../faithfulness/faithfulness-case.ts";
import { manualCases } from "../faithfulness/manual-cases.ts";
import { markupCases } from "../faithfulness/markup-cases.ts";
import { operationsCases } from "../faithfulness/operations-cases.ts";
import { proseCases } from "../faithfulness/prose-cases.ts";
import { reportedCases } from "../faithfulness/reported-cases.ts";
import { toolOutputCases } from "../faithfulness/tool-output-cases.ts";
import { createWords, type Words } from "../faithfulness/words.ts";
import type { ComparedCase, ComparedGroup } from "./compared-case.ts";

type Kinds = Readonly<Record<string, (words: Words) => FaithfulnessCase>>;

const families: Readonly<Record<string, Kinds>> = {
  prose: proseCases,
  transcripts: conversationCases,
  configuration: configurationCases,
  "tool output": toolOutputCases,
  code: codeCases,
  "HTML and XML": markupCases,
  manuals: manualCases,
  operations: operationsCases,
  "reported elsewhere": reportedCases,
};

const diffs = "diffs";
const isDiff = (text: string): boolean => /^diff --git /m.test(text);

/** @param seeds each makes one case of each kind. */
export function createFaithfulnessGroups(seeds: readonly number[]): ComparedGroup[] {
  const groups = new Map<string, ComparedCase[]>([...Object.keys(families), diffs].map((name) => [name, []]));
  for (const [family, kinds] of Object.entries(families))
    for (const [kind, create] of Object.entries(kinds))
      for (const seed of seeds) {
        const sample = create(createWords(seed * 101 + kind.length));
        groups.get(isDiff(sample.text) ? diffs : family)?.push(comparedCase(`${kind}, seed ${seed}`, sample));
      }
  return [...groups].map(([name, cases]) => ({ name, cases }));
}

const comparedCase = (id: string, { query, text, gold }: FaithfulnessCase): ComparedCase => ({
  id,
  query,
  items: [{ kind: "tool", id: "file", name: "shell.run", data: text }],
  judge: (left) => {
    const read = withoutMarkup(left);
    return { hasFacts: hasFacts(gold, read), verdict: judge(gold, read) };
  },
});

/** What is asked for is written as a page shows it: whoever leaves the tags in place has not lost it. */
function withoutMarkup(text: string): string {
  const markup = text.slice(Math.max(0, text.search(/<(?:!doctype html|\?xml)/)));
  const kind = markupKindOf(markup);
  return kind === undefined ? text : readableMarkup(markup, kind);
}
