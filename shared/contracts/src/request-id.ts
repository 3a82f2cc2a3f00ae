// The idempotency key of a request.
import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const bytesPerId = 16;
const idsInStore = 128;

/** Random bytes in store: asking the system for some at each call takes as long as reading a short call of the HTTP API. */
let store = new Uint8Array(0);
let used = 0;

function randomBytes(): Uint8Array {
  if (used >= store.length) {
    store = randomFillSync(new Uint8Array(bytesPerId * idsInStore));
    used = 0;
  }
  used += bytesPerId;
  return store.subarray(used - bytesPerId, used);
}

/** A new request id: UUID version 7 (RFC 9562), which sorts by time; in no particular order within a millisecond. */
export const createRequestId = (): string => v7({ random: randomBytes() });
