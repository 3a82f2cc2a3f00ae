// Trying again through an outage of the broker.
import { NocpError } from "../errors/nocp-error.ts";

const RETRY_WAIT_MS = 200;

export interface PatienceOptions {
  /** How long an outage is waited out, in milliseconds. */
  readonly patienceMs: number;
  /** An answer, not an outage: thrown on at once. */
  readonly isFinal?: (error: unknown) => boolean;
}

/** Runs `work` until it succeeds. @param what completes "cannot …". @throws NocpError PUBLISH_FAILED when patience ends. */
export async function withPatience<R>(what: string, work: () => Promise<R>, options: PatienceOptions): Promise<R> {
  const giveUpAt = Date.now() + options.patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (options.isFinal?.(error)) throw error;
      if (Date.now() >= giveUpAt)
        throw new NocpError("PUBLISH_FAILED", `cannot ${what}: ${(error as Error).message}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, RETRY_WAIT_MS));
    }
  }
}
