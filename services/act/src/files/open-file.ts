// Opening a file in the allowed folders, so that nobody can swap it between the check and the reading.
import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type FileAccess, type LocatedFile, locateFile } from "./locate-file.ts";

export interface OpenedFile extends LocatedFile {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
}

/**
 * Opens the real path without following a link at its end and without waiting for a pipe's writer, then locates it
 * again: the open file must be the very one that the path still leads to.
 * @throws NocpError PATH_NOT_ALLOWED or TOOL_REFUSED. The caller closes `handle`.
 */
export async function openFile(path: string, access: FileAccess): Promise<OpenedFile> {
  const located = await locateFile(path, access);
  const shown = JSON.stringify(path);
  await requireRegular(shown, () => stat(located.realPath));
  const handle = await open(located.realPath, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      throw new NocpError("TOOL_REFUSED", `the file ${shown} cannot be opened: ${error.code}`);
    },
  );
  try {
    const opened = await requireRegular(shown, () => handle.stat());
    const again = await locateFile(located.realPath, access);
    const there = await stat(again.realPath);
    if (there.ino !== opened.ino || there.dev !== opened.dev) {
      throw new NocpError("PATH_NOT_ALLOWED", `the path ${shown} changed while it was opened`);
    }
    return { ...located, handle, sizeBytes: opened.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A device or pipe may block, or act on being read. */
async function requireRegular<S extends { isFile(): boolean; isDirectory(): boolean }>(
  shown: string,
  read: () => Promise<S>,
): Promise<S> {
  const found = await read().catch((error: NodeJS.ErrnoException) => {
    throw new NocpError("TOOL_REFUSED", `the file ${shown} cannot be read: ${error.code}`);
  });
  if (found.isFile()) return found;
  const kind = found.isDirectory() ? "a folder" : "not a regular file";
  throw new NocpError("TOOL_REFUSED", `${shown} is ${kind}`, {
    advice: "Name a file; file.search lists the contents of a folder.",
  });
}
