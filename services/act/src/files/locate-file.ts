// Where a path that a caller names really leads, and whether that lies in the allowed folders.
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { matchesName } from "./name-pattern.ts";

export interface FileAccess {
  /** As configured; relative ones are below the working directory. */
  readonly fileRoots: readonly string[];
  readonly fileDeny: readonly string[];
}

export interface LocatedFile {
  /** Without symbolic links. */
  readonly realPath: string;
  /** The root it lies in, without symbolic links. */
  readonly realRoot: string;
  /** The same root as it is configured. */
  readonly root: string;
}

interface Root {
  readonly root: string;
  readonly realRoot: string;
}

/**
 * A relative path is looked for below each root in turn, then below the working directory. Links are followed, and
 * what they lead to must lie inside a root as well.
 * @throws NocpError PATH_NOT_ALLOWED (also for what does not exist, outside the roots), TOOL_REFUSED when there is
 *   no such file inside them.
 */
export async function locateFile(path: string, { fileRoots, fileDeny }: FileAccess): Promise<LocatedFile> {
  const shown = JSON.stringify(path);
  if (path.includes("\0")) throw new NocpError("PATH_NOT_ALLOWED", `the path ${shown} contains a NUL character`);
  const roots = await realRoots(fileRoots);
  const candidates = [...new Set([...roots.map(({ root }) => resolve(root, path)), resolve(path)])].filter((candidate) =>
    roots.some(({ root, realRoot }) => contains(resolve(root), candidate) || contains(realRoot, candidate)),
  );
  if (candidates.length === 0) throw new NocpError("PATH_NOT_ALLOWED", `the path ${shown} is outside the allowed folders`);
  for (const candidate of candidates) {
    const realPath = await realpath(candidate).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw new NocpError("TOOL_REFUSED", `the path ${shown} cannot be opened: ${error.code}`);
    });
    if (realPath === undefined) continue;
    const holding = roots.filter(({ realRoot }) => contains(realRoot, realPath));
    if (holding.length === 0) throw new NocpError("PATH_NOT_ALLOWED", `the path ${shown} leads outside the allowed folders`);
    const allowing = holding.find(({ realRoot }) => !isDenied(relative(realRoot, realPath), fileDeny));
    if (allowing) return { realPath, ...allowing };
    throw new NocpError("PATH_NOT_ALLOWED", `the path ${shown} has a name that act.fileDeny forbids`, {
      advice: "Change act.fileDeny, or name the folder itself in act.fileRoots.",
    });
  }
  throw new NocpError("TOOL_REFUSED", `there is no file ${shown} in the allowed folders`);
}

/** Whether any part of a path below a root has a name that is refused; a pattern with slashes means parts in a row. */
export function isDenied(relativePath: string, fileDeny: readonly string[]): boolean {
  const names = relativePath.split(sep);
  return fileDeny.some((pattern) => {
    const wanted = pattern.split("/");
    return names.some((_, at) => wanted.every((part, offset) => matchesName(names[at + offset] ?? "", part)));
  });
}

async function realRoots(fileRoots: readonly string[]): Promise<Root[]> {
  const found = await Promise.all(
    fileRoots.map(async (root) => ({ root, realRoot: await realpath(root).catch(() => undefined) })),
  );
  return found.flatMap(({ root, realRoot }) => (realRoot === undefined ? [] : [{ root, realRoot }]));
}

function contains(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || !(way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way));
}
