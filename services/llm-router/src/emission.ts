// What llm-router says of a completion: it goes on to articulate, or back to act with the tools the model asks for.
import type { ProviderAttempt, Warning } from "@nocp/contracts/accounting.ts";
import { billWarnings } from "@nocp/contracts/cost-totals.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import type { ToolRequest } from "@nocp/contracts/prompt.ts";
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
  const { completion, toolRequests } = answer;
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
  const runsTools = toolRequests.length > 0 && callerCalls.length === 0;
  if (runsTools && source !== undefined && toolsAreLeft(body, input.maxToolRounds)) {
    const {
      inputTokens: _tokens,
      strategies: _strategies,
      archived: _archived,
      removed: _removed,
      toolSummaries: _summaries,
      ...carried
    } = rest;
    const reasoning = completion.reasoningItems === undefined ? {} : { reasoning: completion.reasoningItems };
    const pending = { text: completion.text, requests: toolRequests, ...reasoning };
    const step = body.step + 1;
    return { fact: "tools.requested", body: { ...carried, ...source, warnings, step, spent: spentNow, pending } };
  }
  warnings.push(...warningsOf(answer, callerCalls.length), ...billWarnings(attempts, body.request.limits.maxCostUsd));
  const completed = callerCalls.length === 0 ? completion : { ...completion, toolRequests: callerCalls };
  return {
    fact: "completion.received",
    body: {
      ...rest,
      warnings,
      completion: completed,
      context: prompt.context,
      spent: spentNow,
      cost,
      ...(answer.route === undefined ? {} : { route: answer.route }),
    },
  };
}

/** Calls of tools that the caller runs: they end the request. Without framing NOCP offers none, so all are the caller's. */
const callsOfCaller = ({ request }: ContextOptimized, { toolRequests }: PaidAnswer): ToolRequest[] => {
  if (request.framing === "none") return toolRequests;
  const names = new Set(request.callerTools.map(({ name }) => name));
  return toolRequests.filter(({ name }) => names.has(name));
};

const isKnown = ({ code, message }: Warning, known: readonly Warning[]): boolean =>
  known.some((warning) => warning.code === code && warning.message === message);

function warningsOf({ completion, toolRequests }: PaidAnswer, callerCalls: number): Warning[] {
  const warnings: Warning[] = [];
  if (callerCalls > 0 && toolRequests.length > callerCalls) {
    const others = toolRequests.length - callerCalls;
    warnings.push(warningOf("TOOL_CALLS_DROPPED", `${others} other call(s) came with the ${callerCalls} of the caller's tools`));
  }
  if (callerCalls === 0 && toolRequests.length > 0) {
    warnings.push(warningOf("TOOL_ROUNDS_EXHAUSTED", "the model asked for more tools than router.maxToolRounds allows"));
  }
  if (completion.finishReason === "length") {
    warnings.push(warningOf("ANSWER_CUT", `the answer was cut at the limit of ${completion.usage.outputTokens} tokens`));
  }
  return warnings;
}
