// What the breakers tell: metrics of this replica, a line in the log for each change, and an event for each that it made.
import type { BreakerChange } from "@nocp/contracts/event.ts";
import type { RouteCandidate } from "@nocp/contracts/request.ts";
import type { Logger } from "pino";
import { Counter, Gauge, type Registry } from "prom-client";
import type { BreakerPhase } from "./breaker-state.ts";
import type { BreakerObserver } from "./model-breaker.ts";

const phaseValue: Readonly<Record<BreakerPhase, number>> = { closed: 0, "half-open": 1, open: 2 };

/** @returns to call once for each check. */
export function createHealthObserver(registry: Registry): (provider: string, problem: string | undefined) => void {
  const checks = new Counter({
    name: "nocp_provider_health_checks_total",
    help: "Health checks that this replica made; `outcome` is passed or failed.",
    labelNames: ["provider", "outcome"],
    registers: [registry],
  });
  return (provider, problem) => checks.inc({ provider, outcome: problem === undefined ? "passed" : "failed" });
}

/** @param tell is handed each change that this replica made. */
export function createBreakerObserver(
  registry: Registry,
  logger: Pick<Logger, "warn" | "info">,
  tell: (change: BreakerChange) => void,
): BreakerObserver {
  const registers = [registry];
  const labelNames = ["provider", "model"] as const;
  const phase = new Gauge({
    name: "nocp_breaker_state",
    help: "State of a model's breaker as this replica knows it: 0 closed, 1 half-open, 2 open. A breaker that never opened has none.",
    labelNames,
    registers,
  });
  const transitions = new Counter({
    name: "nocp_breaker_transitions_total",
    help: "Changes of breakers that this replica has seen; `to` is the new state.",
    labelNames: [...labelNames, "to"],
    registers,
  });
  const refusals = new Counter({
    name: "nocp_breaker_refusals_total",
    help: "Times that this replica left a candidate out because its breaker was not closed.",
    labelNames,
    registers,
  });
  const probes = new Counter({
    name: "nocp_breaker_probes_total",
    help: "Calls of this replica through a half-open breaker; `outcome` is passed, slow, failed, or none if the call was inconclusive.",
    labelNames: [...labelNames, "outcome"],
    registers,
  });
  const labelsOf = ({ provider, model }: RouteCandidate) => ({ provider, model });
  return {
    changed(candidate, state) {
      const labels = labelsOf(candidate);
      phase.set(labels, phaseValue[state.phase]);
      transitions.inc({ ...labels, to: state.phase });
      const line = { ...labels, breaker: state.phase, openings: state.openings };
      if (state.phase === "open")
        logger.warn({ ...line, reason: state.reason, until: new Date(state.until) }, "a breaker opened");
      else logger.info(line, state.phase === "closed" ? "a breaker closed" : "a breaker is half-open");
    },
    made: tell,
    refused: (candidate) => refusals.inc(labelsOf(candidate)),
    probed: (candidate, outcome) => probes.inc({ ...labelsOf(candidate), outcome }),
  };
}
