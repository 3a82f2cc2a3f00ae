// The number that a request's turn may have: a new reservation, or the one that an earlier delivery made.
import type { KV } from "@nats-io/kv";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { liveEntry } from "./session-buckets.ts";
import { type Patiently, revisionOf } from "./session-heads.ts";
import type { TurnPrefix } from "./session-turns.ts";

export interface Reservation {
  number: number;
  /** Reserves another number, unless another delivery of the same request did so first: then that one counts. */
  moveTo(number: number): Promise<void>;
}

export async function reserveTurn(
  kv: KV,
  prefix: TurnPrefix,
  turn: { readonly requestId: string; readonly number: number },
  patiently: Patiently,
): Promise<Reservation> {
  const key = `${prefix}.request.${turn.requestId}`;
  let revision = 0;
  const reservation: Reservation = {
    number: turn.number,
    async moveTo(number) {
      const body = JSON.stringify({ number });
      const write = () => (revision === 0 ? kv.create(key, body) : kv.update(key, body, revision));
      const written = await patiently("write", () => revisionOf(write));
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
  await reservation.moveTo(turn.number);
  return reservation;
}
