// Asking JetStream about something that may not be there.
import { JetStreamApiError } from "@nats-io/jetstream";

/** @returns `undefined` when there is no such stream or consumer. */
export async function infoOrNothing<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status === 404) return undefined;
    throw error;
  }
}
