// Sessions in JetStream KV as a caller looks after them: read, list, close, delete, restore.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { SessionRef, SessionSnapshot } from "@nocp/contracts/session.ts";
import { z } from "zod";
import type { SessionRecords } from "../stores/sessions/session-store.ts";
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

/** What sessions are made of. */
export interface SessionParts {
  readonly buckets: SessionBuckets;
  readonly heads: SessionHeads;
  readonly turns: TurnKeys;
  readonly patiently: Patiently;
  readonly now: () => number;
}

export function sessionPartsIn(
  buckets: SessionBuckets,
  { maxBytes, patienceMs, now = Date.now }: SessionStoreOptions,
): SessionParts {
  const patiently: Patiently = (what, work) => withPatience(`${what} a session`, work, { patienceMs, isFinal });
  const heads = createSessionHeads(buckets, patiently, now);
  return { buckets, heads, turns: createTurnKeys(buckets.turns, maxBytes), patiently, now };
}

export function createSessionRecords(parts: SessionParts): SessionRecords {
  const { buckets, heads, turns, patiently, now } = parts;
  return {
    head: heads.head,
    list: heads.list,
    turns: (of, from, to) => patiently("read", () => turns.range(prefixOf(of, of.epoch), from, to)),
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

export const prefixOf = (ref: SessionRef, epoch: string): TurnPrefix => `${ref.tenant}.${ref.id}.${epoch}`;

/** What is stored and cannot be read will not become readable by waiting. */
const isFinal = (error: unknown): boolean =>
  isConflict(error) || error instanceof NocpError || error instanceof z.ZodError || error instanceof SyntaxError;

/** Turns first, under an epoch of their own; the head makes them visible. */
async function restoreSession({ head: kept, turns }: SessionSnapshot, mayReplace: boolean, parts: SessionParts) {
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

const exists = ({ tenant, id }: SessionRef): NocpError =>
  new NocpError("SESSION_EXISTS", `session ${id} of tenant ${tenant} already exists`);
