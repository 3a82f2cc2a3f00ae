// Sessions in JetStream KV, so that any replica can serve any turn.
//
// A head is changed by compare-and-set only; a turn is created under its number and never changed. A request's
// reservation names the one number under which its turn may be created; it moves on only after that number turned out to
// be another request's. So a request has one turn at most, however often and wherever it is delivered, and numbers have no
// gaps. A process that dies between a turn and its head leaves the head behind: the next append reads on from it.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NewSessionTurn, SessionRef, SessionSnapshot } from "@nocp/contracts/session.ts";
import { z } from "zod";
import { headWithSummary, headWithTurn } from "../stores/sessions/session-head.ts";
import type { AppendOutcome, SessionStore, StoredHead } from "../stores/sessions/session-store.ts";
import { withPatience } from "./patience.ts";
import { isConflict, type SessionBuckets } from "./session-buckets.ts";
import { createSessionHeads, keyOf, newEpoch, type Patiently, type SessionHeads } from "./session-heads.ts";
import { reserveTurn } from "./session-reservation.ts";
import { createTurnKeys, type TurnKeys, type TurnPrefix } from "./session-turns.ts";

export interface SessionStoreOptions {
  /** A larger turn is written in parts of this many bytes. */
  readonly maxBytes: number;
  /** How long an outage of the broker is waited out, milliseconds. */
  readonly patienceMs: number;
  readonly now?: () => number;
}

interface Parts {
  readonly buckets: SessionBuckets;
  readonly heads: SessionHeads;
  readonly turns: TurnKeys;
  readonly patiently: Patiently;
}

export function createSessionStore(buckets: SessionBuckets, options: SessionStoreOptions): SessionStore {
  const { now = Date.now, patienceMs } = options;
  const patiently: Patiently = (what, work) => withPatience(`${what} a session`, work, { patienceMs, isFinal });
  const heads = createSessionHeads(buckets.heads, patiently, now);
  const turns = createTurnKeys(buckets.turns, options.maxBytes);
  const parts = { buckets, heads, turns, patiently };
  return {
    head: heads.head,
    list: heads.list,
    turns: (of, from, to) => patiently("read", () => turns.range(prefixOf(of, of.epoch), from, to)),
    async append(ref, turn) {
      for (;;) {
        const stored = await heads.orNew(ref);
        if (stored.head.status === "closed") throw closed(ref);
        const outcome = await placeTurn(ref, turn, stored, parts);
        if (outcome) return outcome;
      }
    },
    rollUp: (stored, summary) => heads.swap(stored, headWithSummary(stored.head, summary)),
    async setStatus(ref, status) {
      for (;;) {
        const stored = await heads.existing(ref);
        if (stored.head.status === status) return stored.head;
        const changed = { ...stored.head, status, updatedAt: now() };
        if (await heads.swap(stored, changed)) return changed;
      }
    },
    async delete(ref) {
      await heads.existing(ref);
      await heads.delete(ref);
      await patiently("delete", () => buckets.purgeTurns(keyOf(ref)));
    },
    restore: (snapshot, { replace }) => restoreSession(snapshot, replace, parts),
  };
}

const prefixOf = (ref: SessionRef, epoch: string): TurnPrefix => `${ref.tenant}.${ref.id}.${epoch}`;

/** What is stored and cannot be read will not become readable by waiting. */
const isFinal = (error: unknown): boolean =>
  isConflict(error) || error instanceof NocpError || error instanceof z.ZodError || error instanceof SyntaxError;

/** @returns the outcome; `undefined` when the session was deleted or replaced meanwhile. */
async function placeTurn(
  ref: SessionRef,
  turn: NewSessionTurn,
  { head }: StoredHead,
  parts: Parts,
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
async function catchUp(ref: SessionRef, epoch: string, number: number, { heads, turns, patiently }: Parts): Promise<boolean> {
  for (;;) {
    const stored = await heads.head(ref);
    if (stored?.head.epoch !== epoch) return false;
    if (stored.head.turns >= number) return true;
    const missing = await patiently("read", () => turns.range(prefixOf(ref, epoch), stored.head.turns + 1, number));
    if (await heads.swap(stored, missing.reduce(headWithTurn, stored.head))) return true;
  }
}

/** Turns first, under an epoch of their own; the head makes them visible. */
async function restoreSession({ head: kept, turns }: SessionSnapshot, mayReplace: boolean, parts: Parts) {
  const { buckets, heads, patiently } = parts;
  const restored = { ...kept, epoch: newEpoch() };
  const prefix = prefixOf(kept, restored.epoch);
  if (!mayReplace && (await heads.head(kept))) throw exists(kept);
  for (const turn of turns) await patiently("write", () => parts.turns.create(prefix, turn));
  for (const turn of turns) await reserveTurn(buckets.turns, prefix, turn, patiently);
  for (;;) {
    const stored = await heads.head(kept);
    if (stored && !mayReplace) {
      await patiently("delete", () => buckets.purgeTurns(prefix));
      throw exists(kept);
    }
    if (!(await heads.swap(stored, restored))) continue;
    if (stored) await patiently("delete", () => buckets.purgeTurns(prefixOf(kept, stored.head.epoch)));
    return restored;
  }
}

const closed = ({ tenant, id }: SessionRef): NocpError =>
  new NocpError("SESSION_CLOSED", `session ${id} of tenant ${tenant} is closed and takes no further turns`);
const exists = ({ tenant, id }: SessionRef): NocpError =>
  new NocpError("SESSION_EXISTS", `session ${id} of tenant ${tenant} already exists`);
