// Turns of the sessions used last, in the process: turns never change, so the head's epoch and count say what is missing.
import type { SessionHead, SessionTurn } from "@nocp/contracts/session.ts";
import type { SessionStore } from "@nocp/runtime/stores/sessions/session-store.ts";

export interface TurnCache {
  /** All turns of a session up to the head's last one; only those that are not known yet are read. */
  turnsOf(head: SessionHead): Promise<readonly SessionTurn[]>;
}

interface CachedTurns {
  readonly epoch: string;
  /** Number of the last turn that was read. */
  readonly through: number;
  readonly turns: readonly SessionTurn[];
  /** Of the texts, in UTF-16 units. */
  readonly size: number;
}

const sizeOf = (turns: readonly SessionTurn[]): number =>
  turns.reduce((sum, { messages }) => messages.reduce((total, { text }) => total + text.length, sum), 0);

/** @param maxSize characters of all cached turns together; the sessions used longest ago go first. */
export function createTurnCache(sessions: Pick<SessionStore, "turns">, maxSize: number): TurnCache {
  const cached = new Map<string, CachedTurns>();
  let total = 0;
  const forget = (key: string) => {
    total -= cached.get(key)?.size ?? 0;
    cached.delete(key);
  };
  return {
    async turnsOf(head) {
      const key = `${head.tenant}.${head.id}`;
      const found = cached.get(key);
      const before = found?.epoch === head.epoch && found.through <= head.turns ? found : undefined;
      const added = await sessions.turns(head, (before?.through ?? 0) + 1, head.turns);
      const turns = before ? [...before.turns, ...added] : added;
      const size = (before?.size ?? 0) + sizeOf(added);
      forget(key);
      if (size <= maxSize) {
        cached.set(key, { epoch: head.epoch, through: head.turns, turns, size });
        total += size;
      }
      for (const oldest of cached.keys()) {
        if (total <= maxSize) break;
        forget(oldest);
      }
      return turns;
    },
  };
}
