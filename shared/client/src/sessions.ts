// Looking after sessions: list, read, archive, delete, save and put back.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import {
  type SessionHead,
  type SessionRef,
  type SessionSnapshot,
  type SessionTurn,
  sessionSnapshotSchema,
} from "@nocp/contracts/session.ts";
import type { SessionFilter, SessionRecords } from "@nocp/runtime/stores/sessions/session-store.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import { checkSessionRef, checkTenant } from "./check-reference.ts";

/**
 * Looks after the conversations that NOCP keeps.
 * Whatever takes a reference throws NocpError INVALID_SESSION for one that no session can have.
 */
export interface Sessions {
  /** Heads, last changed first. @throws NocpError INVALID_SESSION. */
  list(filter: SessionFilter, limit: number): Promise<SessionHead[]>;
  /** @throws NocpError SESSION_NOT_FOUND. */
  show(ref: SessionRef): Promise<SessionHead>;
  /** All turns that have not expired, in order. */
  turns(head: SessionHead): Promise<SessionTurn[]>;
  /** A closed session takes no further turns. @throws NocpError SESSION_NOT_FOUND. */
  setStatus(ref: SessionRef, status: SessionHead["status"]): Promise<SessionHead>;
  /** For good, with all turns. @throws NocpError SESSION_NOT_FOUND. */
  delete(ref: SessionRef): Promise<void>;
  /** Head and turns as one value. @throws NocpError SESSION_NOT_FOUND. */
  snapshot(ref: SessionRef): Promise<SessionSnapshot>;
  /** @param snapshot as `snapshot` returned it. @throws NocpError INVALID_SNAPSHOT; SESSION_EXISTS unless `replace`. */
  restore(snapshot: unknown, options?: { readonly replace?: boolean }): Promise<SessionHead>;
}

/** A command gives up soon: somebody waits for it. */
const patienceMs = 5_000;

export function createSessions(broker: CallerBroker): Sessions {
  let opened: Promise<SessionRecords> | undefined;
  const store = (): Promise<SessionRecords> => {
    opened ??= broker.sessionRecords(patienceMs);
    return opened;
  };
  const show = async (ref: SessionRef): Promise<SessionHead> => {
    const found = await (await store()).head(checkSessionRef(ref));
    if (!found) throw new NocpError("SESSION_NOT_FOUND", `there is no session ${ref.id} of tenant ${ref.tenant}`);
    return found.head;
  };
  const turns = async (head: SessionHead): Promise<SessionTurn[]> => (await store()).turns(head, 1, head.turns);
  return {
    show,
    turns,
    async list(filter, limit) {
      if (filter.tenant !== undefined) checkTenant(filter.tenant);
      return (await store()).list(filter, limit);
    },
    setStatus: async (ref, status) => (await store()).setStatus(checkSessionRef(ref), status),
    delete: async (ref) => (await store()).delete(checkSessionRef(ref)),
    async snapshot(ref) {
      const head = await show(ref);
      return { v: 1, head, turns: await turns(head) };
    },
    async restore(snapshot, { replace = false } = {}) {
      const checked = sessionSnapshotSchema.safeParse(snapshot);
      if (!checked.success)
        throw new NocpError("INVALID_SNAPSHOT", `not a snapshot of a session: ${describeProblems(checked.error)}`);
      return (await store()).restore(checked.data, { replace });
    },
  };
}
