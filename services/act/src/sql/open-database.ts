// Opening a SQLite file for reading, and nothing else than the file whose path was judged.
import { constants, DatabaseSync } from "node:sqlite";
import { copyDatabase } from "./copied-database.ts";
import { heldFiles, requireHeld } from "./held-files.ts";

export interface OpenDatabase {
  readonly database: DatabaseSync;
  /** Whether what has been read is what the path was judged for. @throws NocpError PATH_NOT_ALLOWED. */
  check(): void;
  close(): void;
}

const MiB = 1024 * 1024;
const maxMemoryBytes = 256 * MiB;
/** Longest string or blob that SQLite may build, so that hex(zeroblob(1e9)) is an error. */
const maxValueBytes = 32 * MiB;
const busyTimeoutMs = 1000;

/**
 * In a transaction, so that SQLite keeps open what it reads from.
 * @param path absolute, without symbolic links. @throws NocpError PATH_NOT_ALLOWED, or what SQLite throws.
 */
export function openDatabase(path: string, canTellHeldFiles: boolean = process.platform === "linux"): OpenDatabase {
  if (!canTellHeldFiles) {
    const copied = copyDatabase(path);
    return opened(copied.path, () => {}, copied.delete);
  }
  const before = heldFiles();
  return opened(
    path,
    () => requireHeld(path, before),
    () => {},
  );
}

function opened(path: string, check: () => void, onClosed: () => void): OpenDatabase {
  let database: DatabaseSync | undefined;
  const close = (): void => {
    database?.close();
    onClosed();
  };
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs, limits: { length: maxValueBytes, attach: 0 } });
    check();
    // Sorting in memory under a limit, because on disk it has none. Reading the schema opens what stands beside the file.
    database.exec(
      `PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA hard_heap_limit = ${maxMemoryBytes};
       BEGIN; SELECT count(*) FROM sqlite_schema`,
    );
    check();
    database.setAuthorizer(authorize);
    return { database, check, close };
  } catch (error) {
    close();
    throw error;
  }
}

const readingActions = new Set([constants.SQLITE_SELECT, constants.SQLITE_READ, constants.SQLITE_RECURSIVE]);

/** SQLite asks this for everything a statement would do; what does not read is refused, whatever way it is written. */
function authorize(action: number, first: string | null, second: string | null): number {
  if (readingActions.has(action)) return constants.SQLITE_OK;
  if (action === constants.SQLITE_FUNCTION && second !== "load_extension") return constants.SQLITE_OK;
  // Full-text tables ask for it themselves whenever they are read.
  if (action === constants.SQLITE_PRAGMA && first === "data_version" && second === null) return constants.SQLITE_OK;
  return constants.SQLITE_DENY;
}
