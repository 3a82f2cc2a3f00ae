// .nocp/version: of what the data folder holds, so that an older program does not start on what it cannot read.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** Rises when an older program could lose something. 1: subjects without tenants, and no such file; 2: with them. */
const dataVersion = 2;

const versionFileOf = (dataFolder: string): string => join(dataFolder, "version");

/** Marks the folder as this program's. @throws NocpError INVALID_CONFIGURATION when a newer one has written to it. */
export function claimDataFolder(dataFolder: string): void {
  const found = versionIn(dataFolder);
  if (found > dataVersion)
    throw new NocpError(
      "INVALID_CONFIGURATION",
      `${dataFolder} has data of version ${found}, and this program knows versions up to ${dataVersion}`,
      { advice: "Start the newer NOCP that wrote it, or move the folder away to begin with an empty one." },
    );
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(versionFileOf(dataFolder), `${dataVersion}\n`);
}

function versionIn(dataFolder: string): number {
  try {
    return Number.parseInt(readFileSync(versionFileOf(dataFolder), "utf8"), 10) || 1;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 1;
    throw error;
  }
}
