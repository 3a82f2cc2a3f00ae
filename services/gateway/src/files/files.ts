// Files of tenants: written and read in chunks, and removed when they expire.
import type { ChunkStore } from "@nocp/runtime/stores/chunk-store.ts";
import type { Revised, RevisionStore } from "@nocp/runtime/stores/revision-store.ts";
import { createFileId, type FileRecord, fileKey } from "./file-record.ts";

export interface NewFile {
  readonly filename: string;
  readonly purpose: string;
  /** How long it is kept, in milliseconds; as the settings say when absent, and never longer. */
  readonly keptMs?: number | undefined;
}

/** Content that is written, and of no file yet. */
export interface WrittenContent {
  readonly id: string;
  readonly bytes: number;
  readonly chunks: readonly number[];
}

export interface Files {
  /** @throws what the content throws; nothing is kept then. */
  write(tenant: string, content: AsyncIterable<Uint8Array>): Promise<WrittenContent>;
  add(tenant: string, file: NewFile, content: WrittenContent): Promise<FileRecord>;
  /** Removes content that becomes no file. */
  discard(tenant: string, content: WrittenContent): Promise<void>;
  get(tenant: string, id: string): Promise<FileRecord | undefined>;
  /** The newest first. */
  list(tenant: string): Promise<FileRecord[]>;
  read(file: FileRecord): AsyncIterable<Uint8Array>;
  /** Makes a file of chunks that are written already, once. */
  publish(file: Omit<FileRecord, "createdAt" | "expiresAt">): Promise<void>;
  /** @returns whether there was one. */
  remove(tenant: string, id: string): Promise<boolean>;
  /** Of all tenants. */
  removeExpired(): Promise<void>;
}

export interface FilesDependencies {
  readonly records: RevisionStore<FileRecord>;
  readonly chunks: ChunkStore;
  /** How long a file is kept at most, in milliseconds. */
  readonly ttlMs: number;
  readonly now: () => number;
}

const chunkBytes = 1024 * 1024;

export function createFiles({ records, chunks, ttlMs, now }: FilesDependencies): Files {
  const get = async (tenant: string, id: string): Promise<FileRecord | undefined> => {
    const key = fileKey(tenant, id);
    const file = key === undefined ? undefined : (await records.get(key))?.value;
    return file && file.expiresAt > now() ? file : undefined;
  };
  const remove = async ({ key, value }: Revised<FileRecord>): Promise<void> => {
    // The record first: a file without its content would be shown otherwise.
    await records.remove(key);
    await chunks.remove(key, value.chunks.length);
  };
  return {
    get,
    async write(tenant, content) {
      const id = createFileId();
      const key = `${tenant}.${id}`;
      const written: number[] = [];
      let bytes = 0;
      try {
        for await (const chunk of inChunks(content)) {
          bytes += chunk.byteLength;
          written.push(await chunks.write(key, written.length, chunk));
        }
      } catch (error) {
        await chunks.remove(key, written.length).catch(() => undefined);
        throw error;
      }
      return { id, bytes, chunks: written };
    },
    async add(tenant, { filename, purpose, keptMs = ttlMs }, { id, bytes, chunks: written }) {
      const createdAt = now();
      const expiresAt = createdAt + Math.min(keptMs, ttlMs);
      const file = { id, tenant, filename, purpose, bytes, createdAt, expiresAt, chunks: [...written] };
      await records.create(`${tenant}.${id}`, file);
      return file;
    },
    discard: (tenant, { id, chunks: written }) => chunks.remove(`${tenant}.${id}`, written.length),
    async list(tenant) {
      const found = (await records.list(`${tenant}.*`)).map(({ value }) => value);
      return found.filter(({ expiresAt }) => expiresAt > now()).sort((one, other) => other.createdAt - one.createdAt);
    },
    async *read(file) {
      for (const [at, parts] of file.chunks.entries()) {
        const chunk = await chunks.read(`${file.tenant}.${file.id}`, at, parts);
        if (chunk === undefined) throw new Error(`the content of ${file.id} is gone`);
        yield chunk;
      }
    },
    async publish(file) {
      await records.create(`${file.tenant}.${file.id}`, { ...file, createdAt: now(), expiresAt: now() + ttlMs });
    },
    async remove(tenant, id) {
      const key = fileKey(tenant, id);
      const file = key === undefined ? undefined : await records.get(key);
      if (file === undefined) return false;
      await remove(file);
      return true;
    },
    async removeExpired() {
      for (const file of await records.list()) if (file.value.expiresAt <= now()) await remove(file);
    },
  };
}

/** Of about one size, whatever the pieces of the stream were. */
async function* inChunks(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    held.push(piece);
    bytes += piece.byteLength;
    if (bytes < chunkBytes) continue;
    yield Buffer.concat(held, bytes);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held, bytes);
}
