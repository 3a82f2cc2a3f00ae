// The contract of records that outlive a process; the transport keeps them in JetStream.

/** Durable records under a key, kept for some hours: what costs money is not done twice (M7). */
export interface RecordStore<T> {
  get(key: string): Promise<T | undefined>;
  put(key: string, value: T): Promise<void>;
}
