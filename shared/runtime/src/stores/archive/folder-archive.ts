// An archive in a folder, one file a bundle: for the compressor on the command line, which has no queue.
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { isInScope, mayRead } from "./archive-scope.ts";
import { type ArchiveStore, missingBundle, refusedBundle } from "./archive-store.ts";
import { readBundle } from "./bundle.ts";
import { parseReference } from "./reference.ts";

const ending = ".nocp-archive";

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

/** @param folder is made with the first bundle; bundles stay there until somebody deletes them. */
export function createFolderArchive(folder: string): ArchiveStore {
  const pathOf = (reference: string): string => join(folder, `${reference}${ending}`);
  const unavailable = (error: unknown): NocpError =>
    new NocpError("ARCHIVE_UNAVAILABLE", `cannot use the archive in ${folder}: ${coerceError(error).message}`, {
      advice: "Name a folder that can be read and written.",
      cause: error,
    });
  const read = async (reference: string) => {
    const { bundle } = parseReference(reference);
    const bytes = await readFile(pathOf(bundle)).catch((error: unknown) => {
      throw isAbsent(error) ? missingBundle(bundle) : unavailable(error);
    });
    return readBundle(bundle, bytes);
  };
  return {
    async put({ reference, bytes }) {
      const path = pathOf(reference);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(`${path}.part`, bytes);
        await rename(`${path}.part`, path);
      } catch (error) {
        throw unavailable(error);
      }
    },
    async get(reference, scope) {
      const bundle = await read(reference);
      if (!mayRead(bundle.scope, scope)) throw refusedBundle(reference);
      return bundle;
    },
    async list(scope) {
      const names = await readdir(folder).catch((error: unknown) => {
        throw unavailable(error);
      });
      const listings = await Promise.all(
        names
          .filter((name) => name.endsWith(ending))
          .map(async (name) => {
            const bundle = await read(name.slice(0, -ending.length));
            const { mtimeMs } = await stat(pathOf(bundle.reference));
            const { reference, bytes, originals } = bundle;
            return {
              ...{ reference, scope: bundle.scope },
              originals: originals.length,
              bytes: bytes.byteLength,
              storedAt: mtimeMs,
            };
          }),
      );
      return listings.filter((listing) => isInScope(listing.scope, scope)).sort((one, other) => other.storedAt - one.storedAt);
    },
  };
}
