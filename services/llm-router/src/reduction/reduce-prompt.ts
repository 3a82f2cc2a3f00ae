// A prompt that fits a smaller window: first less context and shorter results of tools, then without the oldest messages, then
// without tools. Instructions, the question and what the caller framed by itself stay whole.
import { type Prompt, type PromptMessage, wholeContext } from "@nocp/contracts/prompt.ts";
import { selectPassages } from "./select-passages.ts";

export interface ReducedPrompt {
  readonly prompt: Prompt;
  /** What was done, in a few words each. */
  readonly reductions: readonly string[];
}

export interface PromptCounts {
  ofPrompt(prompt: Prompt): number;
  ofText(text: string): number;
}

/** A context with less than this is none. */
const leastContextTokens = 100;

/**
 * Pure.
 * @param mustCall whether the answer is to be a call of a tool.
 * @returns undefined when nothing makes the prompt fit, or nothing of it may be left out.
 */
export function reducePrompt(
  prompt: Prompt,
  mostTokens: number,
  mustCall: boolean,
  counts: PromptCounts,
): ReducedPrompt | undefined {
  if (prompt.framing === "none") return undefined;
  for (const { base, reductions } of bases(prompt, mustCall)) {
    if (reductions.length > 0 && counts.ofPrompt(base) <= mostTokens) return { prompt: base, reductions };
    const texts =
      base.context +
      toolResults(base)
        .map(({ text }) => text)
        .join("");
    if (texts === "") continue;
    const left = mostTokens - counts.ofPrompt(withTexts(base, () => ""));
    if (left < Math.min(leastContextTokens, counts.ofText(texts))) continue;
    const share = left / Math.max(1, counts.ofText(texts));
    const reduced = withTexts(base, (text) =>
      selectPassages(text, base.query, Math.floor(counts.ofText(text) * share), counts.ofText),
    );
    // Tokens of parts do not add up exactly.
    if (counts.ofPrompt(reduced) <= mostTokens) return { prompt: reduced, reductions: [...reductions, "a shorter context"] };
  }
  return undefined;
}

interface Base {
  readonly base: Prompt;
  readonly reductions: readonly string[];
}

/** The prompt with fewer and fewer parts that can be left out as a whole. */
function bases(prompt: Prompt, mustCall: boolean): Base[] {
  const recent = withHistory(prompt, recentHalf(prompt.history));
  const alone = withHistory(prompt, []);
  const older = "without the older messages";
  const found: Base[] = [{ base: prompt, reductions: [] }];
  if (recent.history.length < prompt.history.length && recent.history.length > 0)
    found.push({ base: recent, reductions: [older] });
  if (prompt.history.length > 0) found.push({ base: alone, reductions: ["without the earlier messages"] });
  // Calls that were made need their tools in view.
  if (prompt.tools.length > 0 && prompt.toolRounds.length === 0 && !mustCall) {
    const reductions = [...(prompt.history.length > 0 ? ["without the earlier messages"] : []), "without tools"];
    found.push({ base: { ...alone, tools: [] }, reductions });
  }
  return found;
}

/** Contexts that stood with messages that are left out go with the question: they are cut, not lost. */
function withHistory(prompt: Prompt, history: readonly PromptMessage[]): Prompt {
  const left = prompt.history.slice(0, prompt.history.length - history.length);
  return { ...prompt, history: [...history], context: wholeContext({ context: prompt.context, history: left }) };
}

/** The later half, from a message of the user on: a result of a tool does not stand without its call. */
function recentHalf(history: readonly PromptMessage[]): PromptMessage[] {
  const half = Math.ceil(history.length / 2);
  const start = history.findIndex(({ role }, at) => at >= half && role === "user");
  return start === -1 ? [] : history.slice(start);
}

const toolResults = ({ toolRounds }: Prompt): PromptMessage[] => toolRounds.filter(({ role }) => role === "tool");

const withTexts = (prompt: Prompt, change: (text: string) => string): Prompt => ({
  ...prompt,
  context: change(prompt.context),
  toolRounds: prompt.toolRounds.map((message) =>
    message.role === "tool" ? { ...message, text: change(message.text) } : message,
  ),
});
