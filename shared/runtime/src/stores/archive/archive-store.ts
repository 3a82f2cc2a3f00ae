// The contract of an archive: where bundles are put, and who gets them back.
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ScopeFilter } from "./archive-scope.ts";
import type { ArchiveBundle } from "./bundle.ts";

/** A bundle in a list: numbers, no content. */
export interface ArchiveListing {
  readonly reference: string;
  readonly scope: ArchiveScope;
  readonly originals: number;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

export interface ArchiveStore {
  /** Writing the same bundle again changes nothing. @throws NocpError ARCHIVE_UNAVAILABLE. */
  put(bundle: ArchiveBundle): Promise<void>;
  /**
   * @param reference of a bundle.
   * @throws NocpError ARCHIVE_REFUSED when it belongs to another scope, ARCHIVE_MISSING when it is unknown or has
   *   expired, ARCHIVE_UNAVAILABLE.
   */
  get(reference: string, scope: ScopeFilter): Promise<ArchiveBundle>;
  /** The newest first. @throws NocpError ARCHIVE_UNAVAILABLE. */
  list(scope: ScopeFilter): Promise<ArchiveListing[]>;
}

/** An archive of which one scope can be seen. */
export interface ArchiveReader {
  get(reference: string): Promise<ArchiveBundle>;
  list(): Promise<ArchiveListing[]>;
}

export const createArchiveReader = (store: Pick<ArchiveStore, "get" | "list">, scope: ArchiveScope): ArchiveReader => ({
  get: (reference) => store.get(reference, scope),
  list: () => store.list(scope),
});

export const missingBundle = (reference: string): NocpError =>
  new NocpError("ARCHIVE_MISSING", `the archive has nothing under ${reference}`);

export const refusedBundle = (reference: string): NocpError =>
  new NocpError("ARCHIVE_REFUSED", `${reference} belongs to another tenant, session or request`);
