// Trying again through an outage of the broker.
import { InvalidArgumentError } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

const RETRY_WAIT_MS = 200;

export interface PatienceOptions {
  /** How long an outage is waited out, in milliseconds. */
  readonly patienceMs: number;
  /** An answer, not an outage: thrown on at once. */
  readonly isFinal?: (error: unknown) => boolean;
}

/** The client refuses to send it, larger than the server takes: no waiting changes that. */
export const isUnpublishable = (error: unknown): boolean => error instanceof InvalidArgumentError;

/** Runs `work` until it succeeds. @param what completes "cannot …". @throws NocpError PUBLISH_FAILED when patience ends, or waiting is of no use. */
export async function withPatience<R>(what: string, work: () => Promise<R>, options: PatienceOptions): Promise<R> {
  const giveUpAt = Date.now() + options.patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (options.isFinal?.(error)) throw error;
      if (isUnpublishable(error) || Date.now() >= giveUpAt)
        throw new NocpError("PUBLISH_FAILED", `cannot ${what}: ${(error as Error).message}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, RETRY_WAIT_MS));
    }
  }
}
