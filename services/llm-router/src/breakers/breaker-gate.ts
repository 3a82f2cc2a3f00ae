// Lets a call pass unless the breaker of its model is open, and tells the breaker what came of it.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { CallGate } from "../gates/call-gate.ts";
import type { Breakers } from "./breakers.ts";
import { verdictOfCall } from "./call-verdict.ts";
import type { RefusedCall } from "./model-breaker.ts";

export const createBreakerGate = (breakers: Breakers): CallGate => ({
  async refusal(candidate) {
    const refused = await breakers.refusal(candidate);
    return refused && breakerOpen(candidate, refused);
  },
  async enter({ input }, { deadlineAt }) {
    const started = await breakers.start(input.candidate, deadlineAt);
    // Another candidate may be closed; without one, all refusals together decide when the request comes back.
    if (!("done" in started)) return { error: breakerOpen(input.candidate, started), comesBack: false };
    return { done: (outcome) => started.done(verdictOfCall(outcome, input)), release: () => started.done("none") };
  },
});

const breakerOpen = ({ provider, model }: RouteCandidate, { reason, waitMs }: RefusedCall): NocpError =>
  new NocpError("BREAKER_OPEN", `${provider} (${model}) is not called: ${reason}; it may be tried again in ${waitMs} ms`, {
    retryAfterMs: waitMs,
  });
