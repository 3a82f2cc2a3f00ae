// Turns in JetStream KV: written once under their number, in parts where they are too large for one message.

import { randomUUID } from "node:crypto";
import type { KV } from "@nats-io/kv";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import { type SessionTurn, sessionTurnSchema } from "@nocp/contracts/session.ts";
import { isConflict, liveEntry } from "./session-buckets.ts";

/** `<tenant>.<session>.<epoch>`: keys of a session that was deleted are never those of its successor. */
export type TurnPrefix = `${string}.${string}.${string}`;

export interface TurnKeys {
  /** Writes a turn under its number. @returns false when that number is taken. */
  create(prefix: TurnPrefix, turn: SessionTurn): Promise<boolean>;
  /** @returns `undefined` when there is no such turn, or it has expired. */
  get(prefix: TurnPrefix, number: number): Promise<SessionTurn | undefined>;
  /** Turns `from` to `to`, both included, in order; those that have expired are left out. */
  range(prefix: TurnPrefix, from: number, to: number): Promise<SessionTurn[]>;
}

/** Where a large turn's text lies: beside it, in this many parts, written before it. */
interface PartsOfTurn {
  /** Each try writes parts of its own: two deliveries of a request must not mix theirs. */
  readonly partsId: string;
  readonly parts: number;
}

/** Reads at once; the client and the server keep them in order on one connection. */
const parallelReads = 64;

const textDecoder = new TextDecoder();

/** @param maxBytes a turn whose JSON is larger is written in parts of this size. */
export function createTurnKeys(kv: KV, maxBytes: number): TurnKeys {
  const keyOf = (prefix: TurnPrefix, number: number): string => `${prefix}.${number}`;
  const partKeyOf = (prefix: TurnPrefix, partsId: string, part: number): string => `${prefix}.part.${partsId}.${part}`;

  const writeParts = async (prefix: TurnPrefix, body: Uint8Array): Promise<Uint8Array> => {
    const partsId = randomUUID();
    const parts = Math.ceil(body.byteLength / maxBytes);
    for (let part = 0; part < parts; part++) {
      await kv.put(partKeyOf(prefix, partsId, part), body.subarray(part * maxBytes, (part + 1) * maxBytes));
    }
    return encodeJson({ partsId, parts } satisfies PartsOfTurn);
  };

  const readParts = async (prefix: TurnPrefix, { partsId, parts }: PartsOfTurn): Promise<unknown> => {
    const pieces: Uint8Array[] = [];
    for (let part = 0; part < parts; part++) {
      const entry = await liveEntry(kv, partKeyOf(prefix, partsId, part));
      if (!entry) throw new NocpError("CLAIM_MISSING", `part ${part + 1} of ${parts} of a turn is no longer stored`);
      pieces.push(entry.value);
    }
    return JSON.parse(textDecoder.decode(Buffer.concat(pieces)));
  };

  const get = async (prefix: TurnPrefix, number: number): Promise<SessionTurn | undefined> => {
    const entry = await liveEntry(kv, keyOf(prefix, number));
    if (!entry) return undefined;
    const stored = entry.json<PartsOfTurn | SessionTurn>();
    return sessionTurnSchema.parse("parts" in stored ? await readParts(prefix, stored) : stored);
  };

  return {
    async create(prefix, turn) {
      const body = encodeJson(turn);
      const value = body.byteLength > maxBytes ? await writeParts(prefix, body) : body;
      try {
        await kv.create(keyOf(prefix, turn.number), value);
        return true;
      } catch (error) {
        if (isConflict(error)) return false;
        throw error;
      }
    },
    get,
    async range(prefix, from, to) {
      const found: (SessionTurn | undefined)[] = new Array(Math.max(0, to - from + 1));
      let next = from;
      const read = async () => {
        for (let number = next++; number <= to; number = next++) found[number - from] = await get(prefix, number);
      };
      await Promise.all(Array.from({ length: Math.min(parallelReads, found.length) }, read));
      return found.filter((turn) => turn !== undefined);
    },
  };
}
