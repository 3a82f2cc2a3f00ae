// The prompt of a request without framing: the caller's messages where they stand. Only results of tools are written shorter,
// and only without a loss: each by itself, so that the next request repeats this one's beginning and vendors' caches hold.
import type { StrategyReport } from "@nocp/contracts/accounting.ts";
import type { ToolsCompleted } from "@nocp/contracts/messages.ts";
import type { NativeRequest } from "@nocp/contracts/native-request.ts";
import type { Prompt, PromptMessage } from "@nocp/contracts/prompt.ts";
import { type ConversationMessage, questionOf } from "@nocp/contracts/request.ts";
import { rewriteToolResults } from "@nocp/models/native-tool-results.ts";
import { writeLossless } from "@nocp/text/lossless/lossless.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { historyMessage } from "./build-prompt.ts";
import { losslessStrategy } from "./write-items-lossless.ts";

export interface UnframedPrompt {
  readonly raw: Prompt;
  readonly prompt: Prompt;
  /** The vendor's own request with the same results. */
  readonly native: NativeRequest | undefined;
  /** Empty where nothing became shorter. */
  readonly strategies: readonly StrategyReport[];
}

export function unframedPrompt({ request }: Pick<ToolsCompleted, "request">, counter: TokenCounter): UnframedPrompt {
  const raw = promptOf(request, request.messages.map(sentMessage));
  if (request.compression.mode === "off") return { raw, prompt: raw, native: request.native, strategies: [] };
  const shortened = createShortener(counter);
  const history = raw.history.map((message) =>
    message.role === "tool" ? { ...message, text: shortened.shorten(message.text) } : message,
  );
  const native = request.native && rewriteToolResults(request.native, shortened.shorten);
  const itemIds = history.flatMap(({ text }, at) => (text === raw.history[at]?.text ? [] : [`message-${at + 1}`]));
  return { raw, prompt: { ...raw, history }, native, strategies: shortened.report(itemIds) };
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

/** Texts that come twice, as in a message and in the vendor's form of it, are written once. */
function createShortener(counter: TokenCounter) {
  const known = new Map<string, string>();
  let before = 0;
  let after = 0;
  return {
    shorten(text: string): string {
      const earlier = known.get(text);
      if (earlier !== undefined) return earlier;
      const tokens = counter.count(text);
      const { text: written } = writeLossless(text, (part) => counter.count(part));
      const writtenTokens = counter.count(written);
      const shorter = writtenTokens < tokens ? written : text;
      if (shorter !== text) {
        before += tokens;
        after += writtenTokens;
      }
      known.set(text, shorter);
      return shorter;
    },
    report: (itemIds: readonly string[]): StrategyReport[] =>
      itemIds.length === 0
        ? []
        : [
            {
              strategy: losslessStrategy,
              itemIds: [...itemIds],
              before,
              after,
              justification: `every word and value is still there: ${after} tokens instead of ${before}`,
            },
          ],
  };
}
