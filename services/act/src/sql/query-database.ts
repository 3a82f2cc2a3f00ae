// One reading statement against a SQLite file. Runs in a child process: a query may take for ever.
import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type OpenDatabase, openDatabase } from "./open-database.ts";

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

/**
 * @throws NocpError SQL_NOT_ALLOWED, TOOL_REFUSED for what SQLite says is wrong with the statement or the file,
 *   TOOL_FAILED while the database is locked, PATH_NOT_ALLOWED when the path leads elsewhere than it did when it was judged.
 */
export function queryDatabase({ databasePath, sql, parameters, maxRows, maxResultBytes }: QueryTask): QueryOutcome {
  const { database, check, close } = open(databasePath);
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
    const outcome = (truncatedBy: QueryOutcome["truncatedBy"]): QueryOutcome => {
      check();
      return { columns, rows, rowCount: rows.length, truncated: truncatedBy !== null, truncatedBy };
    };
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
    close();
  }
}

function open(path: string): OpenDatabase {
  try {
    return openDatabase(path);
  } catch (error) {
    throw sqlError(error);
  }
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
  // A function that is refused carries no code of its own, nor does what cannot be done in the reading transaction.
  const isRefused = message.startsWith("not authorized") || message.startsWith("cannot VACUUM");
  if (primaryCode === sqliteAuth || primaryCode === sqliteReadOnly || isRefused) {
    return new NocpError("SQL_NOT_ALLOWED", `the statement does not only read: ${message}`);
  }
  return new NocpError(primaryCode === sqliteBusy ? "TOOL_FAILED" : "TOOL_REFUSED", `SQLite: ${message}`);
}
