// Buckets that this process needs, so that one that somebody deletes is missed and made anew.

export interface ExpectedBuckets {
  /**
   * @param stream the bucket's name as a stream. @param open makes it when it is missing.
   * @param isInMemory whether it goes when the broker is started again, which is nothing to report.
   */
  expect(stream: string, open: () => Promise<unknown>, isInMemory?: boolean): void;
  readonly streams: readonly string[];
  isInMemory(stream: string): boolean;
  /** Makes one anew. */
  reopen(stream: string): Promise<void>;
}

/** How NATS names the stream of a bucket: https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-8.md */
export const keyValueStream = (bucket: string): string => `KV_${bucket}`;

export function createExpectedBuckets(): ExpectedBuckets {
  const expected = new Map<string, { readonly open: () => Promise<unknown>; readonly isInMemory: boolean }>();
  return {
    expect: (stream, open, isInMemory = false) => void expected.set(stream, { open, isInMemory }),
    get streams() {
      return [...expected.keys()];
    },
    isInMemory: (stream) => expected.get(stream)?.isInMemory ?? false,
    reopen: async (stream) => void (await expected.get(stream)?.open()),
  };
}
