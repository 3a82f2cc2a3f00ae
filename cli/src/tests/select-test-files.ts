// Which test files the names on the command line mean.
import { globSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { TestCategory } from "./test-categories.ts";

/** Paths from the project's folder, with slashes. */
export const listTestFiles = (root: string, { include }: TestCategory): string[] => filesLike(root, include);

/** Those whose failure stands, whatever a second run says. */
export const listFinalFiles = (root: string, { final }: TestCategory): string[] => filesLike(root, final);

const filesLike = (root: string, patterns: readonly string[]): string[] =>
  globSync(patterns, { cwd: root, exclude: ["**/node_modules"] }).map((path) => path.split(sep).join("/"));

/** A path as somebody types it, absolute or from the project's folder, like those of the list. */
const asListed = (root: string, name: string): string =>
  (isAbsolute(name) ? relative(root, name) : name).split(sep).join("/").replace(/^\.\//, "");

/**
 * The files whose path contains one of the names.
 * @param files of the categories that run, and of those that do not, each with its category's name.
 * @throws NocpError USAGE when a name means none of the files that run.
 */
export function selectTestFiles(
  root: string,
  names: readonly string[],
  files: { readonly chosen: readonly string[]; readonly others: ReadonlyMap<string, readonly string[]> },
): string[] {
  const matches = (paths: readonly string[], name: string) => paths.filter((path) => path.includes(asListed(root, name)));
  const selected = names.flatMap((name) => {
    const found = matches(files.chosen, name);
    if (found.length > 0) return found;
    const elsewhere = [...files.others].filter(([, paths]) => matches(paths, name).length > 0).map(([category]) => category);
    throw new NocpError("USAGE", `no test file has "${name}" in its path`, {
      advice:
        elsewhere.length > 0
          ? `Add --category ${elsewhere.join(" ")}, which has one`
          : "Give a part of a path, e.g. `./nocp test settlement`",
    });
  });
  return [...new Set(selected)];
}
