// Chunks of large contents, each a blob of its own.
import type { ChunkStore } from "../stores/chunk-store.ts";
import type { BlobStore } from "./blob-store.ts";

/** `<owner>.<name>` → `<owner>.<name>-7` */
const blobKey = (key: string, chunk: number): string => `${key}-${chunk}`;

export const createChunkStore = (blobs: BlobStore): ChunkStore => ({
  write: (key, chunk, bytes) => blobs.put(blobKey(key, chunk), bytes),
  read: (key, chunk, parts) => blobs.get(blobKey(key, chunk), parts),
  async remove(key, chunks) {
    for (let chunk = 0; chunk < chunks; chunk++) await blobs.delete(blobKey(key, chunk));
  },
});
