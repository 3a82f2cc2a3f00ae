// The contract of contents too large for a record: written and read in chunks, so that nobody holds all of one.

export interface ChunkStore {
  /** Writing a chunk again takes the place of what was there. @returns in how many parts it is stored, for reading it. */
  write(key: string, chunk: number, bytes: Uint8Array): Promise<number>;
  /** @returns undefined when it is gone. */
  read(key: string, chunk: number, parts: number): Promise<Uint8Array | undefined>;
  remove(key: string, chunks: number): Promise<void>;
}
