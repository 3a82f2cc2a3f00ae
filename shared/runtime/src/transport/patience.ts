// Trying again through an outage of the broker.
import { InvalidArgumentError, PermissionViolationError } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { giveUpAfter, retry } from "@nocp/contracts/retry.ts";

/** How long to wait before asking a broker again that was away. */
export const outageRetryMs = 200;

export interface PatienceOptions {
  /** How long an outage is waited out, in milliseconds. */
  readonly patienceMs: number;
  /** An answer, not an outage: thrown on at once. */
  readonly isFinal?: (error: unknown) => boolean;
}

/** Larger than the server takes, or not allowed to this user: no waiting changes that. */
export const isUnpublishable = (error: unknown): boolean =>
  error instanceof InvalidArgumentError || error instanceof PermissionViolationError;

/** Runs `work` until it succeeds. @param what completes "cannot …". @throws NocpError PUBLISH_FAILED when patience ends, or waiting is of no use. */
export function withPatience<R>(what: string, work: () => Promise<R>, { patienceMs, isFinal }: PatienceOptions): Promise<R> {
  const until = giveUpAfter(patienceMs);
  return retry(work, (error) => {
    if (isFinal?.(error)) throw error;
    if (isUnpublishable(error) || until.aborted)
      throw new NocpError("PUBLISH_FAILED", `cannot ${what}: ${(error as Error).message}`, { cause: error });
    return outageRetryMs;
  });
}
