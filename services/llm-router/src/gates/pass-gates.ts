// Takes a call through all gates, or back through those that it has passed.
import type { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { HandlerContext } from "@nocp/runtime/stage/handler.ts";
import { type CallGate, type GatedCall, type GatedRequest, hasPassed, type Passage, type Passed } from "./call-gate.ts";

/** In the order of the gates: those that may let a call wait stand before those that hold something for it. */
export async function passGates(gates: readonly CallGate[], call: GatedCall, context: HandlerContext): Promise<Passage> {
  const passed: Passed[] = [];
  for (const gate of gates) {
    const passage = await gate.enter(call, context);
    if (hasPassed(passage)) {
      passed.push(passage);
      continue;
    }
    for (const { release } of passed) release();
    return passage;
  }
  return {
    done: (outcome) => passed.forEach(({ done }) => void done(outcome)),
    release: () => passed.forEach(({ release }) => void release()),
    warnings: passed.flatMap(({ warnings = [] }) => warnings),
  };
}

export interface OpenRoute {
  readonly candidates: readonly RouteCandidate[];
  /** Those that are not called. */
  readonly refused: readonly { readonly candidate: RouteCandidate; readonly error: NocpError }[];
}

/** The candidates that no gate refuses beforehand, in the order that the gates want. */
export async function openRoute(
  gates: readonly CallGate[],
  named: readonly RouteCandidate[],
  request: GatedRequest,
): Promise<OpenRoute> {
  let route = named;
  for (const gate of gates) if (gate.arrange) route = await gate.arrange(route, request);
  const asked = gates.flatMap((gate) => (gate.refusal ? [gate.refusal.bind(gate)] : []));
  if (asked.length === 0) return { candidates: route, refused: [] };
  const reasons = await Promise.all(
    route.map(async (candidate) => (await Promise.all(asked.map((ask) => ask(candidate)))).find((error) => error !== undefined)),
  );
  return {
    candidates: route.filter((_, index) => reasons[index] === undefined),
    refused: route.flatMap((candidate, index) => {
      const error = reasons[index];
      return error === undefined ? [] : [{ candidate: { provider: candidate.provider, model: candidate.model }, error }];
    }),
  };
}
