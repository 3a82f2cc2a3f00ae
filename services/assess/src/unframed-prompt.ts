// The prompt of a request without framing: the caller's messages where they stand. Only results of tools are written shorter,
// and only without a loss: each by itself, so that the next request repeats this one's beginning and vendors' caches hold.
import type { StrategyReport } from "@nocp/contracts/accounting.ts";
import type { ToolsCompleted } from "@nocp/contracts/messages.ts";
import type { NativeRequest } from "@nocp/contracts/native-request.ts";
import type { Prompt, PromptMessage } from "@nocp/contracts/prompt.ts";
import { type ConversationMessage, questionOf } from "@nocp/contracts/request.ts";
import { rewriteToolResults } from "@nocp/models/native-tool-results.ts";
import { historyMessage } from "./build-prompt.ts";
import type { ShortenedText } from "./shorten-texts.ts";
import { losslessStrategy } from "./write-items-lossless.ts";

export interface UnframedPrompt {
  readonly raw: Prompt;
  readonly prompt: Prompt;
  /** The vendor's own request with the same results. */
  readonly native: NativeRequest | undefined;
  /** Empty where nothing became shorter. */
  readonly strategies: readonly StrategyReport[];
}

/** @param shorten is called once, with every text at most once. */
export async function unframedPrompt(
  { request }: Pick<ToolsCompleted, "request">,
  shorten: (texts: readonly string[]) => Promise<readonly ShortenedText[]>,
): Promise<UnframedPrompt> {
  const raw = promptOf(request, request.messages.map(sentMessage));
  const unchanged = { raw, prompt: raw, native: request.native, strategies: [] };
  if (request.compression.mode === "off") return unchanged;
  const texts = textsOfResults(raw.history, request.native);
  if (texts.length === 0) return unchanged;
  const shortened = new Map((await shorten(texts)).map((result, at) => [texts[at] as string, result]));
  const written = (text: string): string => shortened.get(text)?.text ?? text;
  const history = raw.history.map((message) => (message.role === "tool" ? { ...message, text: written(message.text) } : message));
  const native = request.native && rewriteToolResults(request.native, written);
  const itemIds = history.flatMap(({ text }, at) => (text === raw.history[at]?.text ? [] : [`message-${at + 1}`]));
  return { raw, prompt: { ...raw, history }, native, strategies: reportOf(itemIds, [...shortened.values()]) };
}

/** Texts that come twice, as in a message and in the vendor's form of it, are there once. */
function textsOfResults(history: readonly PromptMessage[], native: NativeRequest | undefined): string[] {
  const texts = new Set(history.flatMap(({ role, text }) => (role === "tool" ? [text] : [])));
  if (native) {
    rewriteToolResults(native, (text) => {
      texts.add(text);
      return text;
    });
  }
  return [...texts];
}

const promptOf = ({ query, messages, callerTools }: ToolsCompleted["request"], history: PromptMessage[]): Prompt => ({
  framing: "none",
  system: "",
  context: "",
  query: questionOf({ query, messages }),
  history,
  toolRounds: [],
  tools: callerTools,
});

/** Instructions stay where their caller put them. */
const sentMessage = (message: ConversationMessage): PromptMessage =>
  message.role === "system" ? { role: "system", text: message.text } : historyMessage(message);

function reportOf(itemIds: readonly string[], texts: readonly ShortenedText[]): StrategyReport[] {
  if (itemIds.length === 0) return [];
  const shorter = texts.filter(({ before, after }) => after < before);
  const before = shorter.reduce((sum, text) => sum + text.before, 0);
  const after = shorter.reduce((sum, text) => sum + text.after, 0);
  const justification = `every word and value is still there: ${after} tokens instead of ${before}`;
  return [{ strategy: losslessStrategy, itemIds: [...itemIds], before, after, justification }];
}
