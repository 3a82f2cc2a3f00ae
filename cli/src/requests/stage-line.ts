// What a stage did with a request, in one line for whoever watches.
import type { StageEvent } from "@nocp/contracts/event.ts";
import { formatMs } from "./render-result.ts";

/** `done, waited 1.2 ms, worked 43 ms`; @param kind as a RequestWatcher hears it. */
export function stageLine(kind: string, { queueWaitMs, workMs, attempt, code }: StageEvent): string {
  const parts = [outcome(kind, code), `waited ${formatMs(queueWaitMs)}`, `worked ${formatMs(workMs)}`];
  return [...parts, ...(attempt > 1 ? [`attempt ${attempt}`] : [])].join(", ");
}

function outcome(kind: string, code: string | null): string {
  const withCode = code === null ? "" : ` with ${code}`;
  if (kind === "stage-retried") return `failed${withCode}, will be tried again`;
  if (kind === "dead-lettered") return `failed${withCode}, kept as a dead letter`;
  return code === null ? "done" : `failed${withCode}`;
}
