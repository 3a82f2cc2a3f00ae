// A folder for NOCP's own files that cannot be written: in place of the system's error, what to do about it.
import { accessSync, constants } from "node:fs";
import { dirname, isAbsolute, relative } from "node:path";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";

const owner = "Give it to the user who runs ./nocp, e.g. after it was run as root";
const elsewhere = "copy the project to a folder that you may write, or make its .nocp a link to one";

/** By the system's code. */
const reasons: Readonly<Record<string, { readonly says: string; readonly advice: string }>> = {
  EROFS: { says: "its file system is read only", advice: `Mount it for writing, ${elsewhere}` },
  EACCES: { says: "permission denied", advice: `${owner}, or ${elsewhere}` },
  EPERM: { says: "not permitted", advice: `${owner}, or ${elsewhere}` },
  ENOSPC: { says: "no space is left on the disk", advice: "Free some space, or delete `services` in it, which is made anew" },
  EDQUOT: { says: "the quota of the disk is used up", advice: "Free some space, or raise the quota" },
};

/**
 * @param refusalOf the code with which the system refuses writing below a path, if it does.
 * @returns what was thrown, where it is about anything else.
 */
export function explainRefusedWrite(thrown: unknown, dataFolder: string, refusalOf = refusalOfSystem): unknown {
  if (thrown instanceof NocpError) return thrown;
  const { code = "", message, path } = coerceError(thrown) as NodeJS.ErrnoException;
  if (path === undefined ? !message.includes(dataFolder) : !isInside(path, dataFolder)) return thrown;
  const where = path ?? dataFolder;
  // Making folders with their parents fails with ENOENT on a disk that is read only, and rmSync with no code at all.
  const refusal = Object.hasOwn(reasons, code) ? code : refusalOf(where);
  const reason = refusal === undefined ? undefined : reasons[refusal];
  if (reason === undefined) return thrown;
  const error = `${where} cannot be written: ${reason.says}`;
  return new NocpError("INVALID_CONFIGURATION", error, { advice: reason.advice, cause: thrown });
}

const isInside = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== "..";
};

/** Of the path, or the nearest folder above it that is there. */
function refusalOfSystem(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" && dirname(path) !== path ? refusalOfSystem(dirname(path)) : code;
  }
}
