// What of a step decides its route.
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import { questionOf } from "@nocp/contracts/request.ts";
import { partsOf } from "@nocp/models/fit-call.ts";
import type { AnswerReader, ProviderCall } from "@nocp/models/provider.ts";
import type { RouteRequest } from "./plan-route.ts";

export type RoutedStep = Pick<ContextOptimized, "request" | "lane" | "inputTokens" | "step" | "spent">;

/** @param call as it will be sent, whoever is called. */
export function routeRequestOf(
  { request, lane, inputTokens, step, spent }: RoutedStep,
  call: Omit<ProviderCall, "model" | "maxOutputTokens" | keyof AnswerReader>,
  maxOutputTokens: number,
): RouteRequest {
  const { routing, tenant, tags, output, generation } = request;
  const answered =
    step === 0
      ? undefined
      : spent.attempts.findLast(({ outcome, purpose }) => outcome === "succeeded" && purpose !== "compression");
  return {
    routing,
    tenant,
    lane,
    tags,
    question: questionOf(request),
    inputTokens: inputTokens.optimized,
    maxOutputTokens,
    offersTools: call.tools.length > 0,
    hasSchema: output.schema !== undefined,
    reasoningEffort: generation.reasoningEffort,
    get prefixKey() {
      return call.promptCaching?.key ?? "";
    },
    // Whose reasoning it is matters to nobody here: no vendor refuses a request for it.
    parts: partsOf({ ...call, model: "", maxOutputTokens }, ""),
    previous: answered && { provider: answered.provider, model: answered.model },
  };
}
