// Groups of cases through the pipeline: both arms of a case right after one another, the first in turn.
import { randomUUID } from "node:crypto";
import type { Client } from "@nocp/client/create-client.ts";
import { coerceError } from "@nocp/contracts/errors/nocp-error.ts";
import type { SessionTurn } from "@nocp/contracts/session.ts";
import { headWithTurn, newSessionHead } from "@nocp/runtime/stores/sessions/session-head.ts";
import type { CountingModelServer } from "../servers/counting-model-server.ts";
import type { CaseContext, CaseGroup, WorkloadCase } from "../workloads/workload.ts";
import { type Arm, writeCaseFolder } from "./case-folder.ts";
import { type ArmMeasurement, measureCase } from "./measure-case.ts";

export interface MeasuredPair {
  readonly id: string;
  readonly kind: string;
  readonly isTable: boolean;
  readonly raw: ArmMeasurement;
  readonly optimized: ArmMeasurement;
}

export interface MeasuredGroup extends Omit<CaseGroup, "cases"> {
  readonly pairs: readonly MeasuredPair[];
}

/** A case that could not be measured. */
export interface CaseFailure {
  readonly id: string;
  readonly message: string;
}

export interface MeasureOptions {
  readonly client: Pick<Client, "ask" | "sessions">;
  readonly server: Pick<CountingModelServer, "expect" | "takeCalls">;
  /** One of act's file roots. */
  readonly root: string;
  readonly onProgress: (group: CaseGroup, done: number) => void;
  readonly signal: AbortSignal;
}

export async function measureGroups(
  groups: readonly CaseGroup[],
  options: MeasureOptions,
): Promise<{ readonly groups: MeasuredGroup[]; readonly failures: CaseFailure[] }> {
  const failures: CaseFailure[] = [];
  const measured: MeasuredGroup[] = [];
  for (const { cases, ...group } of groups) {
    const pairs: MeasuredPair[] = [];
    for (const [at, one] of cases.entries()) {
      options.signal.throwIfAborted();
      try {
        pairs.push(await measurePair(one, at, options));
      } catch (error) {
        failures.push({ id: one.id, message: coerceError(error).message });
      }
      options.onProgress({ cases, ...group }, at + 1);
    }
    if (pairs.length > 0) measured.push({ ...group, pairs });
  }
  return { groups: measured, failures };
}

const defaultTenant = "default";

/** A session in which the case's turns were said, as they would stand there after so many requests; it is not timed. */
async function openSession({ sessions }: Pick<Client, "sessions">, { turns }: CaseContext) {
  if (turns === undefined) return undefined;
  const id = `benchmark-${randomUUID()}`;
  const now = Date.now();
  const kept = turns.map((messages, at): SessionTurn => {
    const inputTokens = { raw: 0, optimized: 0 };
    return { v: 1, number: at + 1, requestId: randomUUID(), at: now, messages: [...messages], inputTokens };
  });
  const head = kept.reduce(headWithTurn, newSessionHead({ tenant: defaultTenant, id }, randomUUID(), now));
  await sessions.restore({ v: 1, head, turns: kept });
  return { id };
}

/** What comes second may find things in caches: each arm is first every other time. */
async function measurePair(one: WorkloadCase, at: number, { client, server, root }: MeasureOptions): Promise<MeasuredPair> {
  const folder = writeCaseFolder(root, one.context);
  try {
    const measure = async (arm: Arm) => {
      const session = await openSession(client, one.context);
      try {
        return await measureCase(client, server, one, folder.requestOf(one, arm, session));
      } finally {
        if (session) await client.sessions.delete({ tenant: defaultTenant, id: session.id });
      }
    };
    const first = at % 2 === 0 ? "raw" : "optimized";
    const earlier = await measure(first);
    const later = await measure(first === "raw" ? "optimized" : "raw");
    const [raw, optimized] = first === "raw" ? [earlier, later] : [later, earlier];
    return { id: one.id, kind: one.kind, isTable: one.table !== undefined, raw, optimized };
  } finally {
    folder.remove();
  }
}
