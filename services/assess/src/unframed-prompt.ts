// The prompt of a request without framing: the caller's messages where they stand. Only results of tools are written shorter,
// and only without a loss: each by itself, so that the next request repeats this one's beginning and vendors' caches hold.
import type { StrategyReport } from "@nocp/contracts/accounting.ts";
import type { ToolsCompleted } from "@nocp/contracts/messages.ts";
import type { NativeRequest } from "@nocp/contracts/native-request.ts";
import type { Prompt, PromptMessage } from "@nocp/contracts/prompt.ts";
import { type ConversationMessage, questionOf } from "@nocp/contracts/request.ts";
import { type RewriteDefinition, rewriteToolDefinitions } from "@nocp/models/native-tool-definitions.ts";
import { rewriteToolResults } from "@nocp/models/native-tool-results.ts";
import type { ArchiveBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { historyMessage } from "./build-prompt.ts";
import { distinctBundles, payloadReport } from "./refer-payloads.ts";
import type { ShortenedText } from "./shorten-texts.ts";
import { definitionsReport } from "./tool-definitions/send-tools.ts";
import { losslessStrategy } from "./write-items-lossless.ts";

export interface UnframedPrompt {
  readonly raw: Prompt;
  readonly prompt: Prompt;
  /** The vendor's own request with the same results. */
  readonly native: NativeRequest | undefined;
  /** Empty where nothing became shorter. */
  readonly strategies: readonly StrategyReport[];
  /** What references in the prompt stand for; the archive has them. */
  readonly payloads: readonly ArchiveBundle[];
}

/** How parts of a request are written shorter. */
export interface Shorteners {
  /** Is called at most once, with every text at most once. */
  readonly texts: (texts: readonly string[]) => Promise<readonly ShortenedText[]>;
  /** Undefined: definitions of tools stay as they came. */
  readonly tool: RewriteDefinition | undefined;
}

export async function unframedPrompt(
  { request }: Pick<ToolsCompleted, "request">,
  shorten: Shorteners,
  counter: TokenCounter,
): Promise<UnframedPrompt> {
  const raw = promptOf(request, request.messages.map(sentMessage));
  const unchanged: UnframedPrompt = { raw, prompt: raw, native: request.native, strategies: [], payloads: [] };
  if (request.compression.mode === "off") return unchanged;
  const texts = textsOfResults(raw.history, request.native);
  const written = texts.length === 0 ? unchanged : withResults(unchanged, request.native, texts, await shorten.texts(texts));
  return shorten.tool === undefined || raw.tools.length === 0 ? written : withDefinitions(written, shorten.tool, counter);
}

/** A mode of the definitions that leaves tools out does not apply: NOCP offers none of its own here that brings them back. */
function withDefinitions(written: UnframedPrompt, rewrite: RewriteDefinition, counter: TokenCounter): UnframedPrompt {
  const { prompt, native, strategies } = written;
  const tools = prompt.tools.map((tool) => ({ ...tool, ...rewrite(tool) }));
  const report = definitionsReport({ whole: prompt.tools, tools, counter });
  return {
    ...written,
    prompt: { ...prompt, tools },
    native: native && rewriteToolDefinitions(native, rewrite),
    strategies: [...strategies, report],
  };
}

function withResults(
  unchanged: UnframedPrompt,
  request: NativeRequest | undefined,
  texts: readonly string[],
  results: readonly ShortenedText[],
): UnframedPrompt {
  const { raw } = unchanged;
  const shortened = new Map(results.map((result, at) => [texts[at] as string, result]));
  const written = (text: string): string => {
    const result = shortened.get(text);
    return result?.referred?.text ?? result?.text ?? text;
  };
  const history = raw.history.map((message) => (message.role === "tool" ? { ...message, text: written(message.text) } : message));
  const native = request && rewriteToolResults(request, written);
  const idsOf = (isMeant: (result: ShortenedText, text: string) => boolean): string[] =>
    raw.history.flatMap(({ role, text }, at) => {
      const result = role === "tool" ? shortened.get(text) : undefined;
      return result !== undefined && isMeant(result, text) ? [`message-${at + 1}`] : [];
    });
  const parts = results.flatMap(({ after, referred }) =>
    referred === undefined ? [] : [{ bundles: referred.bundles, before: after, after: referred.tokens }],
  );
  const strategies = [
    ...reportOf(
      idsOf((result, text) => result.text !== text),
      results,
    ),
    ...payloadReport(
      idsOf(({ referred }) => referred !== undefined),
      parts,
    ),
  ];
  const payloads = distinctBundles(parts.flatMap(({ bundles }) => bundles));
  return { raw, prompt: { ...raw, history }, native, strategies, payloads };
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
