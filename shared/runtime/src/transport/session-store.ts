// Sessions in JetStream KV, so that any replica can serve any turn.
//
// A head is changed by compare-and-set only; a turn is created under its number and never changed. A request's
// reservation names the one number under which its turn may be created; it moves on only after that number turned out to
// be another request's. So a request has one turn at most, however often and wherever it is delivered, and numbers have no
// gaps. A process that dies between a turn and its head leaves the head behind: the next append reads on from it.
import { randomUUID } from "node:crypto";
import type { KV } from "@nats-io/kv";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type NewSessionTurn, type SessionHead, type SessionRef, sessionHeadSchema } from "@nocp/contracts/session.ts";
import { z } from "zod";
import { headWithSummary, headWithTurn, newSessionHead } from "../stores/sessions/session-head.ts";
import type { AppendOutcome, SessionStore, StoredHead } from "../stores/sessions/session-store.ts";
import { withPatience } from "./patience.ts";
import { isConflict, liveEntry, type SessionBuckets } from "./session-buckets.ts";
import { createTurnKeys, type TurnPrefix } from "./session-turns.ts";

export interface SessionStoreOptions {
  /** A larger turn is written in parts of this many bytes. */
  readonly maxBytes: number;
  /** How long an outage of the broker is waited out, milliseconds. */
  readonly patienceMs: number;
  readonly now?: () => number;
}

const keyOf = ({ tenant, id }: SessionRef): string => `${tenant}.${id}`;
const prefixOf = (ref: SessionRef, epoch: string): TurnPrefix => `${ref.tenant}.${ref.id}.${epoch}`;
const refOf = ({ tenant, id }: SessionHead): SessionRef => ({ tenant, id });
const encode = (value: unknown): string => JSON.stringify(value);

export function createSessionStore(buckets: SessionBuckets, options: SessionStoreOptions): SessionStore {
  const { heads } = buckets;
  const { now = Date.now } = options;
  const turnKeys = createTurnKeys(buckets.turns, options.maxBytes);
  const patiently = <R>(what: string, work: () => Promise<R>): Promise<R> =>
    withPatience(`${what} a session`, work, {
      patienceMs: options.patienceMs,
      // What is stored and cannot be read will not become readable by waiting.
      isFinal: (error) =>
        isConflict(error) || error instanceof NocpError || error instanceof z.ZodError || error instanceof SyntaxError,
    });

  const head = async (ref: SessionRef): Promise<StoredHead | undefined> => {
    const entry = await patiently("read", () => liveEntry(heads, keyOf(ref)));
    return entry && { head: sessionHeadSchema.parse(entry.json()), revision: entry.revision };
  };
  /** @returns false when the head is no longer the one that was read. */
  const replace = (stored: StoredHead, changed: SessionHead): Promise<boolean> =>
    patiently("write", () => swap(() => heads.update(keyOf(refOf(changed)), encode(changed), stored.revision)));
  const create = (made: SessionHead): Promise<boolean> =>
    patiently("write", () => swap(() => heads.create(keyOf(refOf(made)), encode(made))));

  const headOrNew = async (ref: SessionRef): Promise<StoredHead> => {
    for (;;) {
      const found = await head(ref);
      if (found) return found;
      await create(newSessionHead(ref, newEpoch(), now()));
    }
  };
  const headThatIs = async (ref: SessionRef): Promise<StoredHead> => {
    const found = await head(ref);
    if (!found) throw new NocpError("SESSION_NOT_FOUND", `there is no session ${ref.id} of tenant ${ref.tenant}`);
    return found;
  };

  /** @returns the outcome; `undefined` when the session was deleted or replaced meanwhile. */
  const place = async (ref: SessionRef, turn: NewSessionTurn, stored: StoredHead): Promise<AppendOutcome | undefined> => {
    const { epoch } = stored.head;
    const prefix = prefixOf(ref, epoch);
    const reservation = await reserve(buckets.turns, `${prefix}.request.${turn.requestId}`, stored.head.turns + 1, patiently);
    for (;;) {
      const { number } = reservation;
      const created = await patiently("write", () => turnKeys.create(prefix, { v: 1, ...turn, number }));
      const standing = created ? undefined : await patiently("read", () => turnKeys.get(prefix, number));
      if (created || standing?.requestId === turn.requestId) {
        return (await catchUp(ref, epoch, number)) ? { number, appended: created } : undefined;
      }
      const current = await head(ref);
      if (current?.head.epoch !== epoch) return undefined;
      await reservation.moveTo(Math.max(number, current.head.turns) + 1);
    }
  };

  /** Brings the head up to a turn, with all turns before it that a killed process left out. */
  const catchUp = async (ref: SessionRef, epoch: string, number: number): Promise<boolean> => {
    for (;;) {
      const stored = await head(ref);
      if (stored?.head.epoch !== epoch) return false;
      if (stored.head.turns >= number) return true;
      const missing = await patiently("read", () => turnKeys.range(prefixOf(ref, epoch), stored.head.turns + 1, number));
      if (await replace(stored, missing.reduce(headWithTurn, stored.head))) return true;
    }
  };

  return {
    head,
    turns: (of, from, to) => patiently("read", () => turnKeys.range(prefixOf(refOf(of), of.epoch), from, to)),
    async append(ref, turn) {
      for (;;) {
        const stored = await headOrNew(ref);
        if (stored.head.status === "closed") throw closed(ref);
        const outcome = await place(ref, turn, stored);
        if (outcome) return outcome;
      }
    },
    rollUp: (stored, summary) => replace(stored, headWithSummary(stored.head, summary)),
    async list({ tenant, status, since = 0 }, limit) {
      const found: SessionHead[] = [];
      await patiently("list", async () => {
        found.length = 0;
        for await (const entry of await heads.history({ key: `${tenant ?? "*"}.*` })) {
          if (entry.operation !== "PUT") continue;
          const listed = sessionHeadSchema.parse(entry.json());
          if (listed.updatedAt >= since && (status === undefined || listed.status === status)) found.push(listed);
        }
      });
      return found.sort((a, b) => b.updatedAt - a.updatedAt).slice(0, limit);
    },
    async setStatus(ref, status) {
      for (;;) {
        const stored = await headThatIs(ref);
        if (stored.head.status === status) return stored.head;
        const changed = { ...stored.head, status, updatedAt: now() };
        if (await replace(stored, changed)) return changed;
      }
    },
    async delete(ref) {
      await headThatIs(ref);
      await patiently("delete", () => heads.purge(keyOf(ref)));
      await patiently("delete", () => buckets.purgeTurns(keyOf(ref)));
    },
    async restore({ head: kept, turns }, { replace: mayReplace }) {
      const ref = refOf(kept);
      const restored = { ...kept, epoch: newEpoch() };
      const prefix = prefixOf(ref, restored.epoch);
      const before = await head(ref);
      if (before && !mayReplace) throw exists(ref);
      for (const turn of turns) await patiently("write", () => turnKeys.create(prefix, turn));
      for (const turn of turns) await reserve(buckets.turns, `${prefix}.request.${turn.requestId}`, turn.number, patiently);
      for (;;) {
        const stored = await head(ref);
        if (stored && !mayReplace) {
          await patiently("delete", () => buckets.purgeTurns(prefix));
          throw exists(ref);
        }
        if (!(stored ? await replace(stored, restored) : await create(restored))) continue;
        if (stored) await patiently("delete", () => buckets.purgeTurns(prefixOf(ref, stored.head.epoch)));
        return restored;
      }
    },
  };
}

interface Reservation {
  number: number;
  /** Reserves another number, unless another delivery of the same request did so first: then that one counts. */
  moveTo(number: number): Promise<void>;
}

/** The number that a request's turn may have: a new reservation, or the one that an earlier delivery made. */
async function reserve(
  kv: KV,
  key: string,
  wanted: number,
  patiently: <R>(what: string, work: () => Promise<R>) => Promise<R>,
): Promise<Reservation> {
  let revision = 0;
  const reservation: Reservation = {
    number: wanted,
    async moveTo(number) {
      const body = encode({ number });
      const written = await patiently("write", () =>
        revisionOf(() => (revision === 0 ? kv.create(key, body) : kv.update(key, body, revision))),
      );
      if (written !== undefined) {
        revision = written;
        reservation.number = number;
        return;
      }
      const entry = await patiently("read", () => liveEntry(kv, key));
      if (!entry) throw new NocpError("PUBLISH_FAILED", "the reservation of a turn has expired");
      revision = entry.revision;
      reservation.number = entry.json<{ number: number }>().number;
    },
  };
  await reservation.moveTo(wanted);
  return reservation;
}

const newEpoch = (): string => randomUUID().slice(0, 8);

/** The new revision; `undefined` when somebody else was first. */
async function revisionOf(write: () => Promise<number>): Promise<number | undefined> {
  try {
    return await write();
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

const swap = async (write: () => Promise<number>): Promise<boolean> => (await revisionOf(write)) !== undefined;

const closed = ({ tenant, id }: SessionRef): NocpError =>
  new NocpError("SESSION_CLOSED", `session ${id} of tenant ${tenant} is closed and takes no further turns`);
const exists = ({ tenant, id }: SessionRef): NocpError =>
  new NocpError("SESSION_EXISTS", `session ${id} of tenant ${tenant} already exists`);
