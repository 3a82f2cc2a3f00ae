// Buckets that this process has opened, so that one that somebody deletes is missed and made anew.

export interface ExpectedBuckets {
  /** @param stream the bucket's name as a stream. @param open makes it when it is missing. */
  expect(stream: string, open: () => Promise<unknown>): void;
  readonly streams: readonly string[];
  /** Makes one anew. */
  reopen(stream: string): Promise<void>;
}

/** How NATS names the stream of a bucket: https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-8.md */
export const keyValueStream = (bucket: string): string => `KV_${bucket}`;

export function createExpectedBuckets(): ExpectedBuckets {
  const openers = new Map<string, () => Promise<unknown>>();
  return {
    expect: (stream, open) => void openers.set(stream, open),
    get streams() {
      return [...openers.keys()];
    },
    reopen: async (stream) => void (await openers.get(stream)?.()),
  };
}
