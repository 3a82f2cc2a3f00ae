// Opening a file in the allowed folders, so that nobody can swap it between the check and the reading.
import { type FileHandle, open, stat } from "node:fs/promises";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type FileAccess, type LocatedFile, locateFile } from "./locate-file.ts";
import { isOpenOn, openFlags } from "./opened-file.ts";

export interface OpenedFile extends LocatedFile {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
}

/**
 * Opens the real path that was judged, and asks which file is open before anything of it is read: folders on the way
 * may have become links meanwhile.
 * @throws NocpError PATH_NOT_ALLOWED or TOOL_REFUSED. The caller closes `handle`.
 */
export async function openFile(path: string, access: FileAccess): Promise<OpenedFile> {
  const located = await locateFile(path, access);
  const shown = JSON.stringify(path);
  await requireRegular(shown, () => stat(located.realPath));
  const handle = await open(located.realPath, openFlags).catch((error: NodeJS.ErrnoException) => {
    throw new NocpError("TOOL_REFUSED", `the file ${shown} cannot be opened: ${error.code}`);
  });
  try {
    if (!isOpenOn(handle.fd, located.realPath)) {
      throw new NocpError("PATH_NOT_ALLOWED", `the path ${shown} changed while it was opened`);
    }
    const opened = await requireRegular(shown, () => handle.stat());
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
