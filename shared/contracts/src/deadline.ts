// Until when a request must be answered.
import type { NocpRequest } from "./request.ts";

/**
 * The earlier of the absolute deadline and acceptance plus time-out; the default time-out when neither is given.
 * All in milliseconds; points in time since the epoch.
 */
export function deadlineOf(limits: NocpRequest["limits"], submittedAt: number, defaultTimeoutMs: number): number {
  const wishes = [
    ...(limits.deadlineAt === undefined ? [] : [Date.parse(limits.deadlineAt)]),
    ...(limits.timeoutMs === undefined ? [] : [submittedAt + limits.timeoutMs]),
  ];
  return wishes.length > 0 ? Math.min(...wishes) : submittedAt + defaultTimeoutMs;
}
