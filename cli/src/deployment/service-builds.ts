// The services as they are run: built into JavaScript once for each state of their sources, in `.nocp/services`.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ProcessRole } from "@nocp/contracts/topology.ts";
import { isAlive } from "./run-state.ts";

/** The module that a service's process runs. */
export type EntryOf = (role: ProcessRole) => string;

export const sourceEntries =
  (root: string): EntryOf =>
  (role) =>
    join(root, "services", role, "src", "main.ts");

/** A build that nobody uses may be one that somebody is about to use. */
const unusedForMs = 10 * 60_000;

/**
 * Builds the services if their sources have changed since; a second or two.
 * @param root of the project.
 * @throws Error where they cannot be built, e.g. because a package does not support the machine.
 */
export async function builtEntries(root: string): Promise<EntryOf> {
  const builds = join(root, ".nocp", "services");
  const build = join(builds, fingerprintOf(root));
  const isThere = existsSync(build);
  if (!isThere) {
    mkdirSync(builds, { recursive: true });
    // Node looks for packages from where a file really is, and `.nocp` may be a link to another disk.
    await addBuild(root, join(realpathSync(builds), basename(build)));
  }
  useBuild(build);
  if (!isThere) removeUnused(builds);
  return (role) => join(build, "services", role, "src", "main.js");
}

/** Of several processes that build at once, the first puts its build in place. */
async function addBuild(root: string, build: string): Promise<void> {
  const { buildServices, findsPackages } = await import("../packaging/build-services.ts");
  const partial = `${build}.${process.pid}.partial`;
  try {
    if (!findsPackages(partial)) throw new Error("packages that are not built in are not found from the project's folder");
    // Before the build, which ends the whole process where it cannot write.
    mkdirSync(partial);
    await buildServices(root, partial);
    renameSync(partial, build);
  } catch (error) {
    if (!existsSync(build)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

const usersOf = (build: string): string => join(build, "users");

/** Services load parts of their code when they first need them, so a build stays as long as whoever started them. */
function useBuild(build: string): void {
  try {
    mkdirSync(usersOf(build), { recursive: true });
    writeFileSync(join(usersOf(build), String(process.pid)), "");
  } catch (error) {
    // Where this cannot be noted, as on a disk that is read only, the build can be run, and nobody like us can remove it.
    if (!isRefusedWrite(error)) throw error;
  }
}

const isRefusedWrite = (error: unknown): boolean =>
  ["EROFS", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "");

function removeUnused(builds: string): void {
  for (const name of readdirSync(builds)) {
    const build = join(builds, name);
    // Another process may move or remove its own meanwhile.
    const { mtimeMs: changedAt } =
      statSync(usersOf(build), { throwIfNoEntry: false }) ?? statSync(build, { throwIfNoEntry: false }) ?? {};
    if (changedAt === undefined || Date.now() - changedAt < unusedForMs) continue;
    const users = existsSync(usersOf(build)) ? readdirSync(usersOf(build)) : [];
    if (!users.some((pid) => isAlive(Number(pid)))) rmSync(build, { recursive: true, force: true });
  }
}

/** Of everything that a build is made of: names, sizes and times of the sources, and the versions of the packages. */
function fingerprintOf(root: string): string {
  const hash = createHash("sha256");
  const addFile = (path: string): void => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\n${size}\n${mtimeMs}\n`);
  };
  const addFolder = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) addFolder(path);
      else if (!entry.name.endsWith(".test.ts")) addFile(path);
    }
  };
  for (const group of ["services", "shared"])
    for (const name of readdirSync(join(root, group)).sort()) {
      const sources = join(root, group, name, "src");
      if (existsSync(sources)) addFolder(sources);
    }
  addFolder(join(root, "cli", "src", "packaging"));
  addFile(join(root, "package-lock.json"));
  return hash.digest("hex").slice(0, 16);
}
