// Transactions in SQLite: written in batches, read by the report and the dashboard, deleted past their retention.
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { DeliveryEventKind, StageEvent, Transaction } from "@nocp/contracts/event.ts";
import { checkDatabaseVersion, migrateDatabase } from "./database-migrations.ts";
import { createTransactionQueries, type TransactionQueries } from "./transaction-queries.ts";
import { transactionRow } from "./transaction-row.ts";

/** A delivery that was retried or ended in the dead-letter stream. */
export interface StageIncident extends StageEvent {
  readonly stage: string;
  readonly kind: DeliveryEventKind;
}

export interface RecordedBatch {
  readonly transactions: readonly Transaction[];
  readonly incidents: readonly StageIncident[];
}

export interface TransactionStore extends TransactionQueries {
  /**
   * Writes a batch in one SQLite transaction. What is there already is left alone.
   * @returns what was new.
   * @throws Error of SQLite, after rolling back: nothing of the batch was written.
   */
  write(batch: RecordedBatch): RecordedBatch;
  /**
   * Deletes at most `limit` of the oldest transactions, and as many incidents, from before a time.
   * @param before milliseconds since the epoch.
   * @returns how many rows went; 0 means that none are left.
   */
  deleteBefore(before: number, limit: number): number;
  close(): void;
}

/** How long a writer waits for another process's lock on the file. */
const lockWaitMs = 5000;

/**
 * Opens, and creates or migrates, the database.
 * @param file path, or `:memory:`.
 * @throws NocpError RESULT_NOT_FOUND when opened for reading only and there is no such file.
 */
export function openTransactionStore(file: string, options: { readonly readOnly?: boolean } = {}): TransactionStore {
  const readOnly = options.readOnly ?? false;
  if (readOnly && !existsSync(file)) {
    throw new NocpError("RESULT_NOT_FOUND", `there are no transactions yet: ${file} does not exist`, {
      advice: "Run observability (`./nocp up`), submit a request, or set observability.databaseFile.",
    });
  }
  if (!readOnly && file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { readOnly, timeout: lockWaitMs });
  try {
    if (readOnly) checkDatabaseVersion(database);
    else prepareForWriting(database);
    const queries = createTransactionQueries(database);
    if (readOnly) return { ...queries, ...refuseWriting, close: () => database.close() };
    return { ...queries, ...createWriter(database), close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * `auto_vacuum` must come before the first table. `synchronous = FULL`: an event is acknowledged after its commit, so
 * the commit must outlive a power failure; one sync a batch is cheap.
 */
function prepareForWriting(database: DatabaseSync): void {
  database.exec("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  migrateDatabase(database);
}

const refuseWriting: Pick<TransactionStore, "write" | "deleteBefore"> = {
  write: () => {
    throw new Error("the transaction store was opened for reading only");
  },
  deleteBefore: () => {
    throw new Error("the transaction store was opened for reading only");
  },
};

function createWriter(database: DatabaseSync): Pick<TransactionStore, "write" | "deleteBefore"> {
  const newestFinish = database.prepare(
    "SELECT max(completed_at) AS newest FROM transactions WHERE request_id = ? AND tenant = ?",
  );
  const supersede = database.prepare(
    "UPDATE transactions SET superseded = 1 WHERE request_id = ? AND tenant = ? AND completed_at < ?",
  );
  let insertTransaction: StatementSync | undefined;
  const insertIncident = database.prepare(
    `INSERT INTO stage_incidents (request_id, stage, kind, attempt, at, code, queue_wait_ms, work_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const deleteTransactions = database.prepare(
    `DELETE FROM transactions WHERE rowid IN (SELECT rowid FROM transactions WHERE completed_at < ? ORDER BY completed_at LIMIT ?)`,
  );
  const deleteIncidents = database.prepare(
    `DELETE FROM stage_incidents WHERE rowid IN (SELECT rowid FROM stage_incidents WHERE at < ? ORDER BY at LIMIT ?)`,
  );

  /** @returns whether the transaction was new. */
  const addTransaction = (transaction: Transaction): boolean => {
    const { newest } = newestFinish.get(transaction.requestId, transaction.tenant) as { newest: number | null };
    const row = { ...transactionRow(transaction), superseded: newest !== null && newest > transaction.completedAt ? 1 : 0 };
    insertTransaction ??= database.prepare(
      `INSERT INTO transactions (${Object.keys(row).join(", ")}) VALUES (${Object.keys(row).fill("?").join(", ")})
       ON CONFLICT (request_id, completed_at) DO NOTHING`,
    );
    const added = insertTransaction.run(...Object.values(row)).changes === 1;
    if (added && newest !== null && newest < transaction.completedAt)
      supersede.run(transaction.requestId, transaction.tenant, transaction.completedAt);
    return added;
  };
  const addIncident = ({ requestId, stage, kind, attempt, at, code, queueWaitMs, workMs }: StageIncident): boolean =>
    insertIncident.run(requestId, stage, kind, attempt, at, code, queueWaitMs, workMs).changes === 1;

  return {
    write: (batch) => {
      if (batch.transactions.length + batch.incidents.length === 0) return batch;
      return inTransaction(database, () => ({
        transactions: batch.transactions.filter(addTransaction),
        incidents: batch.incidents.filter(addIncident),
      }));
    },
    deleteBefore: (before, limit) => {
      const deleted = inTransaction(
        database,
        () => Number(deleteTransactions.run(before, limit).changes) + Number(deleteIncidents.run(before, limit).changes),
      );
      if (deleted > 0) database.exec(`PRAGMA incremental_vacuum(${limit})`);
      return deleted;
    },
  };
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const outcome = work();
    database.exec("COMMIT");
    return outcome;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
