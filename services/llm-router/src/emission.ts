// What llm-router says of a completion: it goes on to articulate, or back to act with the tools the model asks for.
import type { ProviderAttempt, Warning } from "@nocp/contracts/accounting.ts";
import { billWarnings } from "@nocp/contracts/cost-totals.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import { type ToolRequest, wholeContext } from "@nocp/contracts/prompt.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { Emission } from "@nocp/runtime/stage/handler.ts";
import { billOf } from "./bill.ts";
import type { CompletionRecord } from "./completion-record.ts";
import type { InstalledProvider } from "./installed-provider.ts";

export type PaidAnswer = NonNullable<CompletionRecord["answer"]>;

export interface EmissionInput {
  readonly body: ContextOptimized;
  /** Calls of this step. */
  readonly attempts: readonly ProviderAttempt[];
  readonly answer: PaidAnswer;
  readonly providers: readonly InstalledProvider[];
  readonly reference: RouteCandidate;
  readonly maxToolRounds: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Whether the model may ask for tools in this step. */
export const toolsAreLeft = ({ step, source }: Pick<ContextOptimized, "step" | "source">, maxToolRounds: number): boolean =>
  source !== undefined && step < maxToolRounds;

export function emissionOf(input: EmissionInput): Emission<"llm-router"> {
  const { body, answer, providers, reference, at } = input;
  const { completion } = answer;
  const callerCalls = callsOfCaller(body, answer);
  const { prompt, source, spent, counting: _counting, ...rest } = body;
  const attempts = [...spent.attempts, ...input.attempts];
  const { spentUsd, cost } = billOf({
    attempts,
    usage: completion.usage,
    model: completion.model,
    inputTokens: body.inputTokens,
    pricingOf: (provider) => providers.find(({ name }) => name === provider)?.pricing ?? { kind: "unknown" },
    reference,
    at,
  });
  const spentNow = { attempts, costUsd: spentUsd };
  const warnings = [...body.warnings, ...answer.warnings.filter((warning) => !isKnown(warning, body.warnings))];
  const ownCalls = ownCallsOf(body, answer, callerCalls);
  const completed = callerCalls.length === 0 ? completion : { ...completion, toolRequests: [...callerCalls] };
  const { inputTokens, strategies, archived, removed, toolSummaries, ...carried } = rest;
  const ending = {
    ...{
      completion: completed,
      context: wholeContext(prompt),
      inputTokens,
      strategies,
      archived,
      toolSummaries,
      spent: spentNow,
      cost,
      cache: { hit: false, tier: null },
    },
    ...(removed === undefined ? {} : { removed }),
    ...(answer.route === undefined ? {} : { route: answer.route }),
  };
  if (ownCalls.length > 0 && source !== undefined && toolsAreLeft(body, input.maxToolRounds)) {
    const reasoning = completion.reasoningItems === undefined ? {} : { reasoning: completion.reasoningItems };
    const pending = { text: completion.text, requests: [...ownCalls], ...reasoning };
    const step = body.step + 1;
    const isLast = callerCalls.length > 0;
    if (isLast) warnings.push(...endWarnings(answer, body, attempts));
    const asked = { ...carried, ...source, warnings, step, spent: spentNow, pending };
    return { fact: "tools.requested", body: isLast ? { ...asked, ending } : asked };
  }
  warnings.push(...dropWarnings(answer, callerCalls.length), ...endWarnings(answer, body, attempts));
  const toolRounds = callerCalls.length > 0 && source && source.toolRounds.length > 0 ? { toolRounds: source.toolRounds } : {};
  return { fact: "completion.received", body: { ...carried, ...ending, warnings, ...toolRounds } };
}

/** Whether the completion is the request's last: none follows. */
export const endsAnswer = ({ fact, body }: Emission<"llm-router">): boolean => fact === "completion.received" || "ending" in body;

/** Tools whose calls end the request, because the caller runs them. Without framing NOCP offers none, so all are the caller's. */
export function callersTools({ request }: Pick<ContextOptimized, "request">): (tool: string) => boolean {
  if (request.framing === "none") return () => true;
  const names = new Set(request.callerTools.map(({ name }) => name));
  return (tool) => names.has(tool);
}

const callsOfCaller = (body: ContextOptimized, { toolRequests }: PaidAnswer): ToolRequest[] => {
  const isCallers = callersTools(body);
  return toolRequests.filter(({ name }) => isCallers(name));
};

/** Calls that act answers, if only with an error: all that are not the caller's. */
const ownCallsOf = ({ request }: ContextOptimized, { toolRequests }: PaidAnswer, callerCalls: readonly ToolRequest[]) =>
  request.framing === "none" ? [] : toolRequests.filter((call) => !callerCalls.includes(call));

const isKnown = ({ code, message }: Warning, known: readonly Warning[]): boolean =>
  known.some((warning) => warning.code === code && warning.message === message);

/** Calls that nobody runs. */
function dropWarnings({ toolRequests }: PaidAnswer, callerCalls: number): Warning[] {
  const others = toolRequests.length - callerCalls;
  if (others === 0) return [];
  return callerCalls > 0
    ? [warningOf("TOOL_CALLS_DROPPED", `${others} other call(s) came with the ${callerCalls} of the caller's tools`)]
    : [warningOf("TOOL_ROUNDS_EXHAUSTED", "the model asked for more tools than router.maxToolRounds allows")];
}

function endWarnings({ completion }: PaidAnswer, { request }: ContextOptimized, attempts: readonly ProviderAttempt[]): Warning[] {
  const cut =
    completion.finishReason === "length"
      ? [warningOf("ANSWER_CUT", `the answer was cut at the limit of ${completion.usage.outputTokens} tokens`)]
      : [];
  return [...cut, ...billWarnings(attempts, request.limits.maxCostUsd)];
}
