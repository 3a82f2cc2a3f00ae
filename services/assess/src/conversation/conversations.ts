// What a request of a session knows of the conversation before it: read, rolled up where that is due, fitted.
import type { StrategyReport, Warning } from "@nocp/contracts/accounting.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { ToolsCompleted } from "@nocp/contracts/messages.ts";
import type { NocpRequest } from "@nocp/contracts/request.ts";
import type { SessionTurn } from "@nocp/contracts/session.ts";
import type { RequestRef } from "@nocp/contracts/topology.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { headWithSummary } from "@nocp/runtime/stores/sessions/session-head.ts";
import type { SessionStore, StoredHead } from "@nocp/runtime/stores/sessions/session-store.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { ConversationPart } from "../build-prompt.ts";
import type { MeteredServices, Metering } from "../meter-services.ts";
import type { ModelCall } from "../model-services.ts";
import type { CacheTerms } from "../target-prices.ts";
import { cachedShareOf } from "./cached-turns.ts";
import { type ConversationRules, olderTurns, summaryBudget, verbatimReason } from "./fit-conversation.ts";
import { promptMessagesOf } from "./session-messages.ts";
import type { Summarizer, SummaryInput } from "./summarizer.ts";
import type { TurnCache } from "./turn-cache.ts";
import { createTurnFacts, type TurnFacts } from "./turn-facts.ts";
import { type TurnWork, turnWorkHere } from "./turn-work.ts";

export interface Conversation {
  /** Every turn word for word: what a caller without NOCP would send. */
  readonly verbatim: ConversationPart;
  /** What that takes. */
  readonly verbatimTokens: number;
  readonly fitted: ConversationPart;
  readonly reports: readonly StrategyReport[];
  readonly warnings: readonly Warning[];
  /** What models that helped were paid. */
  readonly modelCalls: readonly ModelCall[];
}

export interface Conversations {
  /**
   * @returns `undefined` for a request of no session, and for the first turn of one.
   * @throws NocpError SESSION_CLOSED.
   */
  before(
    message: ToolsCompleted,
    question: string,
    counter: TokenCounter,
    context: HandlerContext,
    metering?: Metering,
  ): Promise<Conversation | undefined>;
}

export interface ConversationDependencies {
  readonly sessions: Pick<SessionStore, "head" | "rollUp">;
  readonly cache: TurnCache;
  readonly rules: ConversationRules;
  /** In order of preference: where one fails, the next is asked. */
  readonly summarizers: readonly Summarizer[];
  /** Where long conversations are worked on; in this thread unless given. */
  readonly work?: TurnWork;
  /** Models that help with the request of this id, with a meter of their own. */
  readonly metersFor?: (request: RequestRef, metering: Metering) => MeteredServices;
  /** Of the model that a request names; where absent, nothing is cached. */
  readonly cacheTermsOf?: (model: string | undefined, provider: string | undefined, inputTokens: number) => CacheTerms;
  /** How long vendors keep a prefix. */
  readonly prefixCacheMs?: number;
}

export function createConversations(dependencies: ConversationDependencies): Conversations {
  const { sessions, cache, rules, work = turnWorkHere } = dependencies;
  const facts = createTurnFacts();
  const shareFor = ({ routing, promptCache }: NocpRequest, { turns, counter }: TurnsToFit, { submittedAt }: HandlerContext) => {
    const { cacheTermsOf, prefixCacheMs = 0 } = dependencies;
    const rawTokens = facts.tokensOf(turns, counter);
    const terms = promptCache?.mode === "off" ? undefined : cacheTermsOf?.(routing.model, routing.provider, rawTokens);
    return terms === undefined ? 1 : cachedShareOf({ turns, rules, counter, facts }, { terms, prefixCacheMs, at: submittedAt });
  };
  return {
    async before({ request, requestId }, question, counter, context, metering = {}) {
      if (request.session === undefined) return undefined;
      const ref = { tenant: request.tenant, id: request.session.id };
      const stored = await sessions.head(ref);
      if (stored === undefined) return undefined;
      if (stored.head.status === "closed") {
        throw new NocpError("SESSION_CLOSED", `session ${ref.id} of tenant ${ref.tenant} is closed and takes no further turns`);
      }
      // A request that is run again must not read its own answer as something said before.
      const turns = (await cache.turnsOf(stored.head)).filter((turn) => turn.requestId !== requestId);
      const { signal } = context;
      const unknown = facts.unknownOf(turns, counter);
      if (unknown.length > 0) facts.learn(unknown, counter, await work.readTurns(unknown, counter, signal));
      const verbatim = { history: promptMessagesOf(turns), section: "" };
      const whole = { verbatim, verbatimTokens: facts.tokensOf(turns, counter) };
      if (request.compression.mode !== "auto") return { ...whole, fitted: verbatim, reports: [], warnings: [], modelCalls: [] };
      const metered = dependencies.metersFor?.({ tenant: request.tenant, requestId }, metering);
      const fitting = { turns, rules, counter, facts, cachedShare: shareFor(request, { turns, counter }, context) };
      const { head, warnings } =
        verbatimReason(fitting) === undefined
          ? await rolledUp(stored, turns, { counter, facts, context, metered }, dependencies)
          : { head: stored.head, warnings: [] };
      const fitted = await work.fitConversation({ ...fitting, head, query: question }, signal);
      const reports = fitted.report ? [fitted.report] : [];
      return { ...whole, fitted: fitted.part, reports, warnings, modelCalls: metered?.calls ?? [] };
    },
  };
}

interface TurnsToFit {
  readonly turns: readonly SessionTurn[];
  readonly counter: TokenCounter;
}

interface RollUpTools {
  readonly counter: TokenCounter;
  readonly facts: TurnFacts;
  readonly context: HandlerContext;
  readonly metered: MeteredServices | undefined;
}

/** The head with a summary that knows the older turns, once those it does not know take enough tokens. */
async function rolledUp(
  stored: StoredHead,
  turns: readonly SessionTurn[],
  { counter, facts, context, metered }: RollUpTools,
  { sessions, rules, summarizers }: ConversationDependencies,
): Promise<Pick<StoredHead, "head"> & { readonly warnings: readonly Warning[] }> {
  const { head } = stored;
  const due = olderTurns(turns, rules).filter(({ number }) => number > head.summary.throughTurn);
  const throughTurn = due.at(-1)?.number;
  if (throughTurn === undefined || facts.tokensOf(due, counter) <= rules.compactAfterTokens) {
    return { head, warnings: [] };
  }
  const { distiller } = metered?.services ?? {};
  const room = { maxTokens: summaryBudget(rules), counter, distiller, signal: context.signal };
  const input = { previous: head.summary.text, turns: due, ...room };
  const { text, warnings } = await context.span("roll up conversation", { "nocp.turns": due.length }, () =>
    summarize(input, summarizers),
  );
  if (text === undefined) return { head, warnings };
  const summary = { text, throughTurn, at: context.now() };
  // Somebody else's change of the head wins: this prompt uses the summary all the same, the next turn writes another.
  await sessions.rollUp(stored, summary);
  return { head: headWithSummary(head, summary), warnings };
}

async function summarize(input: SummaryInput, summarizers: readonly Summarizer[]) {
  const warnings: Warning[] = [];
  for (const summarizer of summarizers) {
    try {
      const text = await summarizer.summarize(input);
      const tokens = input.counter.count(text);
      if (tokens <= input.maxTokens) return { text, warnings };
      throw new Error(`it takes ${tokens} tokens of ${input.maxTokens}`);
    } catch (error) {
      input.signal.throwIfAborted();
      warnings.push(warningOf("COMPRESSION_FAILED", `the conversation could not be summarized: ${coerceError(error).message}`));
    }
  }
  return { text: undefined, warnings };
}
