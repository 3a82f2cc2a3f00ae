// A copy of the project to change at will. Its packages are links to the installed ones, its workspaces are its own.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { root } from "./source-file.ts";

export interface ScratchCopy {
  readonly root: string;
  /** Files that are new, changed or gone since the last call, or since the copy was made; below `root`, with slashes. */
  changedFiles(): string[];
  remove(): void;
}

/** What is not part of the sources, by its name in the project's folder. */
const leftOut = new Set(["node_modules", ".git", ".nocp", "reports", "coverage", ".env", ".venv"]);

export function createScratchCopy(): ScratchCopy {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "nocp-copy-")));
  cpSync(root, copy, { recursive: true, filter: (path) => !leftOut.has(relative(root, path)) });
  linkPackages(copy);
  let known = digestsOf(copy);
  return {
    root: copy,
    changedFiles: () => {
      const now = digestsOf(copy);
      const changed = [...new Set([...known.keys(), ...now.keys()])].filter((file) => known.get(file) !== now.get(file));
      known = now;
      return changed.sort();
    },
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
}

function linkPackages(copy: string): void {
  const [installed, linked] = [join(root, "node_modules"), join(copy, "node_modules")];
  mkdirSync(join(linked, "@nocp"), { recursive: true });
  for (const name of readdirSync(installed)) if (name !== "@nocp") symlinkSync(join(installed, name), join(linked, name));
  for (const name of readdirSync(join(installed, "@nocp"))) {
    const workspace = relative(realpathSync(root), realpathSync(join(installed, "@nocp", name)));
    symlinkSync(join(copy, workspace), join(linked, "@nocp", name));
  }
}

/** SHA-256 of every source file, by path. */
const digestsOf = (copy: string): Map<string, string> =>
  new Map(
    readdirSync(copy, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(copy, path).split(sep).join("/"), path] as const)
      .filter(([file]) => !leftOut.has(file.split("/")[0] ?? ""))
      .map(([file, path]) => [file, createHash("sha256").update(readFileSync(path)).digest("hex")]),
  );
