// Sessions in JetStream KV, so that any replica can serve any turn.
//
// A head is changed by compare-and-set only; a turn is created under its number and never changed. A request's
// reservation names the one number under which its turn may be created; it moves on only after that number turned out to
// be another request's. So a request has one turn at most, however often and wherever it is delivered, and numbers have no
// gaps. A process that dies between a turn and its head leaves the head behind: the next append reads on from it.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NewSessionTurn, SessionRef } from "@nocp/contracts/session.ts";
import { headWithSummary, headWithTurn } from "../stores/sessions/session-head.ts";
import type { AppendOutcome, SessionStore, StoredHead } from "../stores/sessions/session-store.ts";
import type { SessionBuckets } from "./session-buckets.ts";
import {
  createSessionRecords,
  prefixOf,
  type SessionParts,
  type SessionStoreOptions,
  sessionPartsIn,
} from "./session-records.ts";
import { reserveTurn } from "./session-reservation.ts";

export function createSessionStore(buckets: SessionBuckets, options: SessionStoreOptions): SessionStore {
  const parts = sessionPartsIn(buckets, options);
  const { heads } = parts;
  return {
    ...createSessionRecords(parts),
    async append(ref, turn) {
      for (;;) {
        const stored = await heads.orNew(ref);
        if (stored.head.status === "closed") throw closed(ref);
        const outcome = await placeTurn(ref, turn, stored, parts);
        if (outcome) return outcome;
      }
    },
    rollUp: (stored, summary) => heads.swap(stored, headWithSummary(stored.head, summary)),
  };
}

/** @returns the outcome; `undefined` when the session was deleted or replaced meanwhile. */
async function placeTurn(
  ref: SessionRef,
  turn: NewSessionTurn,
  { head }: StoredHead,
  parts: SessionParts,
): Promise<AppendOutcome | undefined> {
  const { buckets, heads, turns, patiently } = parts;
  const { requestId } = turn;
  const prefix = prefixOf(ref, head.epoch);
  const reservation = await reserveTurn(buckets.turns, prefix, { requestId, number: head.turns + 1 }, patiently);
  for (;;) {
    const { number } = reservation;
    const created = await patiently("write", () => turns.create(prefix, { v: 1, ...turn, number }));
    const standing = created ? undefined : await patiently("read", () => turns.get(prefix, number));
    if (created || standing?.requestId === requestId) {
      return (await catchUp(ref, head.epoch, number, parts)) ? { number, appended: created } : undefined;
    }
    const current = await heads.head(ref);
    if (current?.head.epoch !== head.epoch) return undefined;
    await reservation.moveTo(Math.max(number, current.head.turns) + 1);
  }
}

/** Brings the head up to a turn, with all turns before it that a killed process left out. @returns false when it is gone. */
async function catchUp(
  ref: SessionRef,
  epoch: string,
  number: number,
  { heads, turns, patiently }: SessionParts,
): Promise<boolean> {
  for (;;) {
    const stored = await heads.head(ref);
    if (stored?.head.epoch !== epoch) return false;
    if (stored.head.turns >= number) return true;
    const missing = await patiently("read", () => turns.range(prefixOf(ref, epoch), stored.head.turns + 1, number));
    if (await heads.swap(stored, missing.reduce(headWithTurn, stored.head))) return true;
  }
}

const closed = ({ tenant, id }: SessionRef): NocpError =>
  new NocpError("SESSION_CLOSED", `session ${id} of tenant ${tenant} is closed and takes no further turns`);
