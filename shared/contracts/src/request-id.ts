// The idempotency key of a request.
import { v7 } from "uuid";

/** A new request id: UUID version 7 (RFC 9562), which sorts by time. */
export const createRequestId = (): string => v7();
