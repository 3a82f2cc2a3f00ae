// One reading statement against a SQLite file. Runs in a child process: a query may take for ever.
import { constants, DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

export interface QueryTask {
  /** Absolute, without symbolic links. */
  readonly databasePath: string;
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[] | Readonly<Record<string, SQLInputValue>>;
  readonly maxRows: number;
  readonly maxResultBytes: number;
}

type Cell = string | number | null | { readonly blobBytes: number };

export interface QueryOutcome {
  readonly columns: string[];
  readonly rows: Record<string, Cell>[];
  /** Of `rows`; when truncated, the statement gives more. */
  readonly rowCount: number;
  readonly truncated: boolean;
  readonly truncatedBy: "maxRows" | "bytes" | null;
}

const MiB = 1024 * 1024;
const maxMemoryBytes = 256 * MiB;
/** Longest string or blob that SQLite may build, so that hex(zeroblob(1e9)) is an error. */
const maxValueBytes = 32 * MiB;
const busyTimeoutMs = 1000;

/**
 * @throws NocpError SQL_NOT_ALLOWED, TOOL_REFUSED for what SQLite says is wrong with the statement or the file,
 *   TOOL_FAILED while the database is locked.
 */
export function queryDatabase({ databasePath, sql, parameters, maxRows, maxResultBytes }: QueryTask): QueryOutcome {
  const database = open(databasePath);
  try {
    const statement = database.prepare(sql);
    if (!isBlank(sql.slice(statement.sourceSQL.length))) {
      throw new NocpError("SQL_NOT_ALLOWED", "there is more than one statement");
    }
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const columns = uniqueNames(statement.columns().map(({ name }) => name));
    const rows: Record<string, Cell>[] = [];
    let bytes = 0;
    const outcome = (truncatedBy: QueryOutcome["truncatedBy"]): QueryOutcome => ({
      ...{ columns, rows, rowCount: rows.length },
      ...{ truncated: truncatedBy !== null, truncatedBy },
    });
    const cursor = Array.isArray(parameters)
      ? statement.iterate(...(parameters as SQLInputValue[]))
      : statement.iterate(parameters as Record<string, SQLInputValue>);
    for (const values of cursor as Iterable<unknown> as Iterable<SQLOutputValue[]>) {
      if (rows.length >= maxRows) return outcome("maxRows");
      const row = Object.fromEntries(columns.map((column, index) => [column, cellOf(values[index])]));
      bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
      // A tenth is left for the columns and the frame around the rows.
      if (bytes > maxResultBytes * 0.9) return outcome("bytes");
      rows.push(row);
    }
    return outcome(null);
  } catch (error) {
    throw sqlError(error);
  } finally {
    database.close();
  }
}

function open(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, {
      readOnly: true,
      timeout: busyTimeoutMs,
      limits: { length: maxValueBytes, attach: 0 },
    });
    // Sorting in memory under a limit, because on disk it has none.
    database.exec(`PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA hard_heap_limit = ${maxMemoryBytes}`);
    database.setAuthorizer(authorize);
    return database;
  } catch (error) {
    throw sqlError(error);
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

/** Only white space, semicolons and comments. */
const isBlank = (sql: string): boolean => /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/|$))*$/.test(sql);

/** `id, id` → `id, id_2`: a row is an object. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let suffix = 2; taken.has(unique); suffix += 1) unique = `${name}_${suffix}`;
    taken.add(unique);
    return unique;
  });
}

/** Integers beyond 2^53 as text, because JSON's readers would round them. */
function cellOf(value: SQLOutputValue | undefined): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return value instanceof Uint8Array ? { blobBytes: value.byteLength } : value;
}

function sqlError(thrown: unknown): NocpError {
  if (thrown instanceof NocpError) return thrown;
  const { message, errcode } = thrown as Error & { errcode?: number };
  const sqliteAuth = 23;
  const sqliteReadOnly = 8;
  const sqliteBusy = 5;
  const primaryCode = errcode === undefined ? undefined : errcode & 0xff;
  // A function that is refused carries no code of its own.
  if (primaryCode === sqliteAuth || primaryCode === sqliteReadOnly || message.startsWith("not authorized")) {
    return new NocpError("SQL_NOT_ALLOWED", `the statement does not only read: ${message}`);
  }
  return new NocpError(primaryCode === sqliteBusy ? "TOOL_FAILED" : "TOOL_REFUSED", `SQLite: ${message}`);
}
