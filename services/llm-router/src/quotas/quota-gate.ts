// Lets a call pass when its turn at the candidate's quota has come.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Lane } from "@nocp/contracts/topology.ts";
import type { AttemptOutcome } from "../attempt-completion.ts";
import type { CallGate } from "../gates/call-gate.ts";
import type { QuotaLimiter, TurnOutcome } from "./turn.ts";

/** @param maxWaitMs how long a request waits for a quota while another candidate is left. */
export const createQuotaGate = (quotas: QuotaLimiter, maxWaitMs: Readonly<Record<Lane, number>>): CallGate => ({
  async enter({ input: { candidate, call }, request: { inputTokens }, candidatesLeft }, context) {
    const enteredMs = context.elapsedMs();
    try {
      const turn = await quotas.turn({
        candidate,
        requestId: context.requestId,
        tenant: context.tenant,
        lane: context.lane,
        inputTokens,
        maxOutputTokens: call.maxOutputTokens,
        deadlineAt: context.deadlineAt,
        patienceMs: candidatesLeft === 1 ? Number.POSITIVE_INFINITY : maxWaitMs[context.lane],
        signal: context.signal,
        onWaited: () => context.recordProviderWait(context.elapsedMs() - enteredMs),
      });
      if (turn.kind === "turn") {
        return { done: (outcome) => turn.done(turnOutcomeOf(outcome)), release: () => turn.done({ kind: "failed" }) };
      }
      const { delayMs, isTooLong } = turn;
      const message = `${candidate.provider} (${candidate.model}): its quota is used up for about ${delayMs} ms`;
      return { error: new NocpError("PROVIDER_RATE_LIMITED", message, { retryAfterMs: delayMs }), comesBack: !isTooLong };
    } catch (error) {
      return { error, comesBack: true };
    }
  },
});

function turnOutcomeOf(outcome: AttemptOutcome): TurnOutcome {
  const { reported } = outcome;
  if ("completion" in outcome) {
    const { inputTokens, outputTokens } = outcome.completion.usage;
    return { kind: "answered", reported, tokens: { input: inputTokens, output: outputTokens } };
  }
  const { error } = outcome;
  const isRefused = error instanceof NocpError && error.code === "PROVIDER_RATE_LIMITED";
  return { kind: isRefused ? "refused" : "failed", reported, ...(isRefused ? { retryAfterMs: error.retryAfterMs } : {}) };
}
