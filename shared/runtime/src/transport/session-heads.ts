// Heads of sessions in JetStream KV: changed by compare-and-set only.
import { randomUUID } from "node:crypto";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type SessionHead, type SessionRef, sessionHeadSchema } from "@nocp/contracts/session.ts";
import { newSessionHead } from "../stores/sessions/session-head.ts";
import type { SessionStore, StoredHead } from "../stores/sessions/session-store.ts";
import { isConflict, liveEntry, type SessionBuckets } from "./session-buckets.ts";

/** Tries again through an outage. @param what completes "cannot … a session". */
export type Patiently = <R>(what: string, work: () => Promise<R>) => Promise<R>;

export interface SessionHeads extends Pick<SessionStore, "head" | "list"> {
  /** @throws NocpError SESSION_NOT_FOUND. */
  existing(ref: SessionRef): Promise<StoredHead>;
  orNew(ref: SessionRef): Promise<StoredHead>;
  /** @returns false when the head is no longer the one that was read; `undefined` for none. */
  swap(stored: StoredHead | undefined, changed: SessionHead): Promise<boolean>;
  delete(ref: SessionRef): Promise<void>;
}

/** Begins the keys of all that belongs to a session. */
export const keyOf = ({ tenant, id }: SessionRef): string => `${tenant}.${id}`;
/** Tells a session from its predecessors of the same name. */
export const newEpoch = (): string => randomUUID().slice(0, 8);

/** The new revision; `undefined` when somebody else was first. */
export async function revisionOf(write: () => Promise<number>): Promise<number | undefined> {
  try {
    return await write();
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

export function createSessionHeads(
  { heads: kv, headKeys }: Pick<SessionBuckets, "heads" | "headKeys">,
  patiently: Patiently,
  now: () => number,
): SessionHeads {
  const head: SessionHeads["head"] = async (ref) => {
    const entry = await patiently("read", () => liveEntry(kv, keyOf(ref)));
    return entry && { head: sessionHeadSchema.parse(entry.json()), revision: entry.revision };
  };
  const swap: SessionHeads["swap"] = async (stored, changed) => {
    const body = JSON.stringify(changed);
    const write = () => (stored ? kv.update(keyOf(changed), body, stored.revision) : kv.create(keyOf(changed), body));
    return (await patiently("write", () => revisionOf(write))) !== undefined;
  };
  return {
    head,
    swap,
    async existing(ref) {
      const found = await head(ref);
      if (!found) throw new NocpError("SESSION_NOT_FOUND", `there is no session ${ref.id} of tenant ${ref.tenant}`);
      return found;
    },
    async orNew(ref) {
      for (;;) {
        const found = await head(ref);
        if (found) return found;
        await swap(undefined, newSessionHead(ref, newEpoch(), now()));
      }
    },
    delete: (ref) => patiently("delete", () => kv.purge(keyOf(ref))),
    async list({ tenant, status, since = 0 }, limit) {
      const found = await patiently("list", async () => {
        const heads: SessionHead[] = [];
        const filter = `${tenant ?? "*"}.*`;
        // A history of nothing leaves its consumer behind.
        if ((await headKeys(filter)).length === 0) return heads;
        for await (const entry of await kv.history({ key: filter }))
          if (entry.operation === "PUT") heads.push(sessionHeadSchema.parse(entry.json()));
        return heads;
      });
      return found
        .filter((listed) => listed.updatedAt >= since && (status === undefined || listed.status === status))
        .sort((one, other) => other.updatedAt - one.updatedAt)
        .slice(0, limit);
    },
  };
}
