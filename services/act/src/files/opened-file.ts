// Which file a descriptor is open on: what a path leads to may change at any time, what a descriptor is open on does not.
import { constants, readlinkSync } from "node:fs";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** macOS: `open` fails where any part of the path is a link. Node has no name for it. */
const noLinkAnywhere = 0x20000000;

/** Follows no link at the path's end, and does not wait for a pipe's writer. */
export const openFlags: number =
  constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | (process.platform === "darwin" ? noLinkAnywhere : 0);

/**
 * Whether a descriptor, opened with `openFlags`, is open on the file that a path led to when it was judged.
 * On Linux the kernel is asked where the file is now. On macOS it was opened without following any link at all.
 * @param realPath absolute, without symbolic links.
 * @throws NocpError PATH_NOT_ALLOWED on a system that cannot tell.
 */
export function isOpenOn(descriptor: number, realPath: string): boolean {
  if (process.platform === "darwin") return true;
  try {
    // The path of a deleted file has " (deleted)" behind it.
    return readlinkSync(`/proc/self/fd/${descriptor}`) === realPath;
  } catch (cause) {
    throw new NocpError("PATH_NOT_ALLOWED", "this system cannot tell which file is open: /proc cannot be read", { cause });
  }
}
