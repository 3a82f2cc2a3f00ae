// The contract of sessions: heads and turns, shared by all replicas; the transport keeps them in JetStream.
import type { NewSessionTurn, SessionHead, SessionRef, SessionSnapshot, SessionTurn } from "@nocp/contracts/session.ts";
import type { RollUp } from "./session-head.ts";

export interface StoredHead {
  readonly head: SessionHead;
  /** Rises with every change. */
  readonly revision: number;
}

export interface AppendOutcome {
  readonly number: number;
  /** False when the request had its turn already. */
  readonly appended: boolean;
}

/** Which sessions; all without a filter. */
export interface SessionFilter {
  readonly tenant?: string;
  readonly status?: SessionHead["status"];
  /** Changed at this time or later, milliseconds since the epoch. */
  readonly since?: number;
}

/** Sessions as a caller looks after them. All throw NocpError PUBLISH_FAILED when the broker stays away for too long. */
export interface SessionRecords {
  /** @returns `undefined` when there is no such session. */
  head(ref: SessionRef): Promise<StoredHead | undefined>;
  /** Turns `from` to `to`, both included, in order; those that have expired are left out. */
  turns(head: SessionHead, from: number, to: number): Promise<SessionTurn[]>;
  /** Heads, last changed first. */
  list(filter: SessionFilter, limit: number): Promise<SessionHead[]>;
  /** @throws NocpError SESSION_NOT_FOUND. */
  setStatus(ref: SessionRef, status: SessionHead["status"]): Promise<SessionHead>;
  /** Deletes head and turns. @throws NocpError SESSION_NOT_FOUND. */
  delete(ref: SessionRef): Promise<void>;
  /** Puts a snapshot in place, all at once for its readers. @throws NocpError SESSION_EXISTS unless `replace`. */
  restore(snapshot: SessionSnapshot, options: { readonly replace: boolean }): Promise<SessionHead>;
}

/** Sessions as the services keep them. */
export interface SessionStore extends SessionRecords {
  /** Adds a turn once; makes the session if need be. @throws NocpError SESSION_CLOSED. */
  append(ref: SessionRef, turn: NewSessionTurn): Promise<AppendOutcome>;
  /** Writes a rolled-up summary. @returns false when the head has changed since: harmless, the next turn rolls up again. */
  rollUp(stored: StoredHead, summary: RollUp): Promise<boolean>;
}
