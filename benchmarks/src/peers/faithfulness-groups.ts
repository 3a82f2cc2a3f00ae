// Texts in which a line is only true under its own parents, of every family; patches are a group of their own.
import { markupKindOf, readableMarkup } from "@nocp/text/structure/readable-markup.ts";
import { type FaithfulnessCase, hasFacts, judge } from "../faithfulness/faithfulness-case.ts";
import { families } from "../faithfulness/families.ts";
import { createWords } from "../faithfulness/words.ts";
import type { ComparedCase, ComparedGroup } from "./compared-case.ts";

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
