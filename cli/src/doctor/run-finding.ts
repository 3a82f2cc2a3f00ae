// What runs of this project, or is left of what ran.
import type { RunState } from "../deployment/run-state.ts";
import type { LeftoverProcess } from "../deployment/stop-leftovers.ts";
import type { Finding } from "./finding.ts";

/** @param leftovers what outlived its `up`. */
export function runFinding(running: RunState | undefined, leftovers: readonly LeftoverProcess[]): Finding {
  const what = "services";
  if (running) {
    return { what, state: "ok", detail: `${running.processes.length} processes of ./nocp up since ${running.startedAt}` };
  }
  if (leftovers.length === 0) return { what, state: "optional", detail: "not running", advice: "./nocp up starts them" };
  const detail = `${leftovers.length} process${leftovers.length === 1 ? "" : "es"} of an \`up\` that was killed: ${leftovers.map(({ name }) => name).join(", ")}`;
  return { what, state: "wrong", detail, advice: "./nocp up ends them" };
}
