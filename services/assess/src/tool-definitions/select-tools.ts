// Which tools of many a model is offered: those that the questions of the conversation may need. What was offered once stays, in
// its place, and what a later question needs comes after it. So the same beginning of a conversation gives the same list, and
// vendors' prompt caches hold until something is added.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import { loadedNames } from "@nocp/contracts/tool-loading.ts";
import { languageNameOf } from "@nocp/text/questions/question-language.ts";
import { indexTools, type ToolRanking } from "./rank-tools.ts";
import type { Definition } from "./tool-definitions.ts";

export interface SelectedTools<Tool> {
  readonly offered: readonly Tool[];
  /** What the first question did without, also where it was added later: the list of it never changes. Empty: all are offered. */
  readonly held: readonly Tool[];
}

/** Fewer are all offered. */
export const fewestOffered = 12;
/** Of a large number of tools, the share that a question is offered. */
const offeredShare = 0.3;
/** Holding back fewer is not worth telling the model of it. */
const fewestHeld = 4;
/** The share of a question's words that tools must know for the others to be held back. */
const leastKnown = 0.5;
/** A question with fewer words refers to what was said before it. */
const fewestWords = 3;
/** Of an answer, the end: what it asks or proposes. */
const readOfAnswer = 600;

/** What is known of a list of tools, for all questions. */
export interface ToolFinder {
  /** Positions, ascending; all of them where the question does not tell which. @param answer what came before the question. */
  neededBy(question: string, answer: string, isFirst: boolean): readonly number[];
}

/** @param conversation up to the question and the rounds after it, oldest first. */
export function selectTools<Tool extends Definition>(
  tools: readonly Tool[],
  conversation: readonly Pick<PromptMessage, "role" | "text" | "toolRequests">[],
  finder: ToolFinder = createToolFinder(tools),
): SelectedTools<Tool> {
  const all: SelectedTools<Tool> = { offered: tools, held: [] };
  if (tools.length <= fewestOffered) return all;
  const byName = new Map(tools.map((tool, at) => [tool.name, at]));
  const offered = new Set<number>();
  let atFirst: ReadonlySet<number> | undefined;
  let answer = "";
  for (const { role, text, toolRequests = [] } of conversation) {
    if (role === "user") {
      const found = finder.neededBy(text, answer, atFirst === undefined);
      if (atFirst === undefined && tools.length - found.length < fewestHeld) return all;
      for (const at of found) offered.add(at);
      atFirst ??= new Set(offered);
    } else if (role === "assistant") {
      answer = text.slice(-readOfAnswer);
      const named = toolRequests.flatMap((call) => [call.name, ...loadedNames(call)]);
      for (const name of named) if (byName.has(name)) offered.add(byName.get(name) as number);
    }
  }
  if (atFirst === undefined) return all;
  const kept = atFirst;
  return { offered: [...offered].map((at) => tools[at] as Tool), held: tools.filter((_, at) => !kept.has(at)) };
}

export function createToolFinder(tools: readonly Definition[]): ToolFinder {
  const ranked = indexTools(tools);
  const language = languageNameOf(tools.map(({ description }) => description).join(" "));
  const everything = [...tools.keys()];
  const tells = (text: string, { known, words }: ToolRanking): boolean =>
    words > 1 && known >= leastKnown && languageNameOf(text) === language;
  return {
    neededBy(question, answer, isFirst) {
      const alone = ranked.rank(question);
      const isComplete = isFirst || alone.words >= fewestWords;
      if (isComplete) return tells(question, alone) ? best(alone.scores) : everything;
      const text = `${answer}\n${question}`;
      const both = ranked.rank(text);
      return tells(text, both) ? best(both.scores) : [];
    },
  };
}

/** The best ones, with all that are as good as the last of them; none that shares no word with the question. */
function best(scores: ToolRanking["scores"]): number[] {
  const size = Math.max(fewestOffered, Math.ceil(scores.length * offeredShare));
  const least = [...scores].sort((one, other) => other - one)[size - 1] ?? 0;
  return [...scores.keys()].filter((at) => (scores[at] as number) >= least && scores[at] !== 0);
}
