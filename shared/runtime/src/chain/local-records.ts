// Records that live as long as the process: of requests that do, too.
import type { RecordStore } from "../stores/record-store.ts";

/** Only retries write any; the oldest belong to requests that ended long ago. */
const mostRecords = 10_000;

export function createLocalRecords<T>(): RecordStore<T> {
  const records = new Map<string, T>();
  return {
    get: async (key) => records.get(key),
    async put(key, value) {
      records.delete(key);
      records.set(key, value);
      const oldest = records.size > mostRecords ? records.keys().next() : undefined;
      if (oldest?.done === false) records.delete(oldest.value);
    },
  };
}
