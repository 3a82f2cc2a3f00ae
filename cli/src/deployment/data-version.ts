// .nocp/version: of what the data folder holds, so that an older program does not start on what it cannot read.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** Rises when an older program could lose something. 1: subjects without tenants, and no such file; 2: with them. */
const dataVersion = 2;

const versionFileOf = (dataFolder: string): string => join(dataFolder, "version");

/**
 * Marks the folder as this program's.
 * @param program version of NOCP, for the message of a program that is too old for the folder.
 * @throws NocpError INVALID_CONFIGURATION when a newer one has written to it.
 */
export function claimDataFolder(dataFolder: string, program: string): void {
  const found = foundIn(dataFolder);
  if (found.data > dataVersion) {
    const writer = found.program ? `NOCP ${found.program}` : "a newer NOCP";
    throw new NocpError(
      "INVALID_CONFIGURATION",
      `${dataFolder} has data of version ${found.data}, written by ${writer}; this is NOCP ${program}, which knows versions up to ${dataVersion}`,
      { advice: `Start ${writer}, or move the folder away to begin with an empty one.` },
    );
  }
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(versionFileOf(dataFolder), `${dataVersion}\n${program}\n`);
}

interface FoundVersion {
  readonly data: number;
  /** Of the NOCP that wrote last; early ones did not say. */
  readonly program?: string | undefined;
}

/** The first line is the data's version: all that early programs read. The second names the program. */
function foundIn(dataFolder: string): FoundVersion {
  try {
    const [data = "", program] = readFileSync(versionFileOf(dataFolder), "utf8").split("\n");
    // Somebody else may have written the file: what is no version is not repeated.
    return { data: Number.parseInt(data, 10) || 1, program: /^\d[\w.+-]{0,99}$/.exec(program ?? "")?.[0] };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { data: 1 };
    throw error;
  }
}
