// Puts a settings file in place in one step, keeping the one it replaces.
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface ReplacedConfigFile {
  /** Path of the copy of what was there before. */
  readonly backup: string | undefined;
}

/** @param now milliseconds since the epoch; names the backup. */
export function replaceConfigFile(target: string, text: string, backupFolder: string, now: number): ReplacedConfigFile {
  let backup: string | undefined;
  if (existsSync(target)) {
    mkdirSync(backupFolder, { recursive: true });
    backup = join(backupFolder, `nocp.config.${new Date(now).toISOString().replaceAll(":", "-")}.yaml`);
    copyFileSync(target, backup);
  }
  const partial = `${target}.${process.pid}.partial`;
  writeFileSync(partial, text, { mode: 0o600 });
  renameSync(partial, target);
  return { backup };
}
