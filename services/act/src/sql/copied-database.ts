// A database as a copy in a folder of its own, for systems that cannot tell which file SQLite has opened.
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { isOpenOn, openFlags } from "../files/opened-file.ts";

export interface CopiedDatabase {
  readonly path: string;
  delete(): void;
}

const MiB = 1024 * 1024;
const maxCopiedBytes = 512 * MiB;

/**
 * Copies the database and what is written of it but not yet merged, each through a descriptor that was checked.
 * @param databasePath absolute, without symbolic links.
 * @throws NocpError PATH_NOT_ALLOWED, TOOL_REFUSED when it is too large, TOOL_FAILED while a change is being written.
 */
export function copyDatabase(databasePath: string): CopiedDatabase {
  const folder = mkdtempSync(join(tmpdir(), "nocp-sql-"));
  const path = join(folder, basename(databasePath));
  const copied = { path, delete: () => rmSync(folder, { recursive: true, force: true }) };
  try {
    if (copyChecked(databasePath, path) === undefined) throw new NocpError("TOOL_REFUSED", "the database is gone");
    copyChecked(`${databasePath}-wal`, `${path}-wal`);
    if ((copyChecked(`${databasePath}-journal`, `${path}-journal`) ?? 0) > 0) {
      throw new NocpError("TOOL_FAILED", "SQLite: the database is being written");
    }
    return copied;
  } catch (error) {
    copied.delete();
    throw error;
  }
}

/** @returns the bytes of the file; `undefined` when there is none. */
function copyChecked(from: string, to: string): number | undefined {
  const source = openedOrUndefined(from);
  if (source === undefined) return undefined;
  try {
    if (!isOpenOn(source, from) || !fstatSync(source).isFile()) {
      throw new NocpError("PATH_NOT_ALLOWED", `the path of the database ${basename(from)} changed while it was opened`);
    }
    return copyAll(source, to);
  } finally {
    closeSync(source);
  }
}

function openedOrUndefined(path: string): number | undefined {
  try {
    return openSync(path, openFlags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new NocpError("TOOL_REFUSED", `the database cannot be opened: ${code}`);
  }
}

function copyAll(source: number, to: string): number {
  const target = openSync(to, "wx", 0o600);
  try {
    const piece = Buffer.allocUnsafe(MiB);
    let bytes = 0;
    for (let read = readSync(source, piece); read > 0; read = readSync(source, piece)) {
      bytes += read;
      if (bytes > maxCopiedBytes) {
        throw new NocpError("TOOL_REFUSED", `on this system, a database may take ${maxCopiedBytes / MiB} MiB at most`);
      }
      writeSync(target, piece, 0, read);
    }
    return bytes;
  } finally {
    closeSync(target);
  }
}
