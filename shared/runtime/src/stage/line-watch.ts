// Looks out for tenants whose requests wait behind those of a busier one, and lets the next of each pass (Passing).
import type { Stage } from "@nocp/contracts/topology.ts";
import type { Logger } from "pino";
import { mostPassing } from "./lane-scheduler.ts";
import type { Leases } from "./leases.ts";
import { createKnownTenants } from "./tenants-in-line.ts";
import type { Passing } from "./transport.ts";

export interface LineWatchOptions {
  readonly stage: Stage;
  /** Absent where nothing waits in a line. */
  readonly passing: Passing | undefined;
  readonly leases: Pick<Leases, "heldByTenant">;
  readonly concurrency: number;
  readonly logger: Pick<Logger, "warn">;
  /** In milliseconds, from any time on. */
  readonly now: () => number;
}

export interface LineWatch {
  /** A message of this tenant is started. Costs nothing as long as there is one tenant. */
  started(tenant: string): void;
  stop(): void;
}

/** Messages that wait so near the head of the line that they are left there: a replica takes as many at once. */
export const headOfLine = (concurrency: number): number => Math.max(4, concurrency);

/** Where handlers take long, slots do not become free often enough to look then. */
const lookEveryMs = 50;
/** A look takes at most this part of the time. */
const lookShare = 0.5;
/** And asking for tenants that were not seen here, at most this one. */
const askShare = 0.02;
const askEveryMs = 1_000;
const afterFailureMs = 5_000;
/** Tenants that the broker is asked for at once. */
const mostAsked = 16;

export function createLineWatch({ stage, passing, leases, concurrency, logger, now }: LineWatchOptions): LineWatch {
  const tenants = createKnownTenants();
  const most = mostPassing(concurrency);
  let startsSinceLook = 0;
  let nextLookAt = Number.NEGATIVE_INFINITY;
  let nextAskAt = Number.NEGATIVE_INFINITY;
  let looking = false;
  let failing = false;
  let stopped = false;

  /** Where slots are free, whoever waits gets one anyway. */
  const isFull = (held: ReadonlyMap<string, number>): boolean =>
    held.values().reduce((sum, count) => sum + count, 0) >= concurrency - most;
  const ask = async (through: Passing): Promise<void> => {
    const begunAt = now();
    for (const tenant of await through.tenantsInLine(stage, concurrency)) tenants.add(tenant);
    nextAskAt = now() + Math.max(askEveryMs, (now() - begunAt) / askShare);
  };
  const letPass = async (through: Passing, names: readonly string[]): Promise<void> => {
    const begunAt = now();
    const passed = await through.letPass(stage, names, { most, margin: headOfLine(concurrency) + most });
    tenants.hadTurn(passed.length < most ? names : passed);
    nextLookAt = now() + (now() - begunAt) / lookShare;
  };
  const look = async (through: Passing): Promise<void> => {
    startsSinceLook = 0;
    const held = leases.heldByTenant();
    if (!isFull(held)) return;
    looking = true;
    try {
      if (now() >= nextAskAt) await ask(through);
      const names = tenants.behind(held, mostAsked);
      if (names.length > 0) await letPass(through, names);
      failing = false;
    } catch (error) {
      if (!failing)
        logger.warn({ stage, err: (error as Error).name }, "cannot let tenants pass the line of another; they wait in it");
      failing = true;
      nextLookAt = now() + afterFailureMs;
    } finally {
      looking = false;
    }
  };
  const lookIfDue = (): void => {
    if (passing === undefined || looking || stopped || now() < nextLookAt) return;
    if (tenants.size > 1 || now() >= nextAskAt) void look(passing);
  };
  const timer = passing && setInterval(lookIfDue, lookEveryMs).unref();

  return {
    started(tenant) {
      tenants.add(tenant);
      startsSinceLook += 1;
      if (startsSinceLook >= most) lookIfDue();
    },
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
