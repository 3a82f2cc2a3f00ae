// Which files SQLite has opened: it takes a path, so what it opened is checked before anything of it is told.
import { readdirSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** Descriptor → the file that it is open on. */
export type HeldFiles = ReadonlyMap<string, string>;

/** All files that this process has open. @throws NocpError PATH_NOT_ALLOWED on a system that cannot tell. */
export function heldFiles(): HeldFiles {
  const held = new Map<string, string>();
  for (const descriptor of descriptors()) {
    try {
      held.set(descriptor, readlinkSync(`/proc/self/fd/${descriptor}`));
    } catch {
      // The descriptor of the listing itself: it is closed by now.
    }
  }
  return held;
}

function descriptors(): string[] {
  try {
    return readdirSync("/proc/self/fd");
  } catch (cause) {
    throw new NocpError("PATH_NOT_ALLOWED", "this system cannot tell which file is open: /proc cannot be read", { cause });
  }
}

/**
 * SQLite resolves links itself, opens the file that they lead to, and beside it files with endings of its own, which it
 * refuses to open as links. So one descriptor that is new must be open on the database, and none on a file of such a name
 * anywhere else. It keeps all of them open while a transaction lasts.
 * @param databasePath absolute, without symbolic links.
 * @throws NocpError PATH_NOT_ALLOWED when a folder on the way has become a link since the path was judged.
 */
export function requireHeld(databasePath: string, before: HeldFiles): void {
  const opened = [...heldFiles()].filter(([descriptor, path]) => before.get(descriptor) !== path).map(([, path]) => path);
  const own = new Set(["", "-wal", "-shm", "-journal"].map((ending) => databasePath + ending));
  const names = new Set([...own].map((path) => basename(path)));
  const isStrange = (path: string): boolean => names.has(basename(path)) && !own.has(path);
  if (opened.includes(databasePath) && !opened.some(isStrange)) return;
  throw new NocpError("PATH_NOT_ALLOWED", `the path of the database ${basename(databasePath)} changed while it was opened`);
}
