import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a file for the user alone, beside and then moved, so that a reader never sees half of it. */
export function replaceSecretFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, `${text}\n`, { mode: 0o600 });
  renameSync(partial, file);
}
