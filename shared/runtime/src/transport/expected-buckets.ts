// Buckets that this process needs, so that one that somebody deletes is missed and made anew.

/**
 * `opened`: by this process. `in memory`: the same, and gone when the broker is started again, which is nothing to report.
 * `used later`: made by its first use, so it is missed only if it was there before.
 */
export type BucketNature = "opened" | "in memory" | "used later";

export interface ExpectedBuckets {
  /** @param stream the bucket's name as a stream. @param open makes it when it is missing. */
  expect(stream: string, open: () => Promise<unknown>, nature?: BucketNature): void;
  readonly streams: readonly string[];
  natureOf(stream: string): BucketNature | undefined;
  /** Makes one anew. */
  reopen(stream: string): Promise<void>;
}

/** How NATS names the stream of a bucket: https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-8.md */
export const keyValueStream = (bucket: string): string => `KV_${bucket}`;

export function createExpectedBuckets(): ExpectedBuckets {
  const expected = new Map<string, { readonly open: () => Promise<unknown>; readonly nature: BucketNature }>();
  return {
    expect: (stream, open, nature = "opened") => void expected.set(stream, { open, nature }),
    get streams() {
      return [...expected.keys()];
    },
    natureOf: (stream) => expected.get(stream)?.nature,
    reopen: async (stream) => void (await expected.get(stream)?.open()),
  };
}
