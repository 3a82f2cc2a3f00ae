// The database's tables, as steps from one version to the next. A released step is never edited: add one.
import type { DatabaseSync } from "node:sqlite";

/**
 * A redriven request finishes again later: each finish has its row, and all but the newest are `superseded`, which
 * keeps the history and counts the request once. Money is NULL where the price is unknown, never 0.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE transactions (
     request_id TEXT NOT NULL,
     completed_at REAL NOT NULL,
     submitted_at REAL NOT NULL,
     superseded INTEGER NOT NULL DEFAULT 0,
     status TEXT NOT NULL,
     error_code TEXT,
     error_stage TEXT,
     tenant TEXT NOT NULL,
     session_id TEXT,
     lane TEXT NOT NULL,
     trace_id TEXT,
     provider TEXT,
     model TEXT,
     format TEXT,
     attempt_count INTEGER NOT NULL,
     cache_hit INTEGER NOT NULL,
     cache_tier TEXT,
     confidence REAL,
     input_tokens_raw INTEGER NOT NULL,
     input_tokens_optimized INTEGER NOT NULL,
     output_tokens_raw INTEGER NOT NULL,
     output_tokens_optimized INTEGER NOT NULL,
     usage_source TEXT,
     usage_input_tokens INTEGER,
     usage_output_tokens INTEGER,
     usage_cache_read_tokens INTEGER,
     usage_cache_write_tokens INTEGER,
     usage_reasoning_tokens INTEGER,
     cost_usd REAL,
     baseline_usd REAL,
     reference_model TEXT NOT NULL,
     reference_usd REAL,
     reference_baseline_usd REAL,
     price_table TEXT NOT NULL,
     total_ms REAL NOT NULL,
     queue_wait_ms REAL NOT NULL,
     act_ms REAL NOT NULL,
     assess_ms REAL NOT NULL,
     router_ms REAL NOT NULL,
     model_ms REAL NOT NULL,
     articulate_ms REAL NOT NULL,
     attempts TEXT NOT NULL,
     journey TEXT NOT NULL,
     strategies TEXT NOT NULL,
     tools TEXT NOT NULL,
     warning_codes TEXT NOT NULL,
     confidence_parts TEXT,
     PRIMARY KEY (request_id, completed_at)
   ) STRICT;
   CREATE INDEX transactions_by_time ON transactions (completed_at);
   CREATE INDEX transactions_by_session ON transactions (session_id, completed_at) WHERE session_id IS NOT NULL;
   CREATE INDEX transactions_by_failure ON transactions (error_code, completed_at) WHERE error_code IS NOT NULL;
   CREATE TABLE stage_incidents (
     request_id TEXT NOT NULL,
     stage TEXT NOT NULL,
     kind TEXT NOT NULL,
     at REAL NOT NULL,
     attempt INTEGER NOT NULL,
     code TEXT,
     queue_wait_ms REAL NOT NULL,
     work_ms REAL NOT NULL,
     PRIMARY KEY (request_id, stage, kind, attempt, at)
   ) STRICT;
   CREATE INDEX stage_incidents_by_time ON stage_incidents (at);`,
  // The work of each stage by its name, as JSON, so that a new stage needs no column.
  `ALTER TABLE transactions ADD COLUMN stage_ms TEXT NOT NULL DEFAULT '{}';
   UPDATE transactions SET stage_ms =
     json_object('act', act_ms, 'assess', assess_ms, 'llm-router', router_ms, 'articulate', articulate_ms);
   ALTER TABLE transactions DROP COLUMN act_ms;
   ALTER TABLE transactions DROP COLUMN assess_ms;
   ALTER TABLE transactions DROP COLUMN router_ms;
   ALTER TABLE transactions DROP COLUMN articulate_ms;`,
  // `known_usd` is the cost, or where that is unknown the known part of it. `billing_key`: `key` is a word of SQL.
  `ALTER TABLE transactions ADD COLUMN known_usd REAL NOT NULL DEFAULT 0;
   ALTER TABLE transactions ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
   ALTER TABLE transactions ADD COLUMN billing_key TEXT;
   UPDATE transactions SET known_usd = coalesce(cost_usd, 0);`,
];

const versionOf = (database: DatabaseSync): number =>
  (database.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;

/** @throws Error when a reader that may not migrate the database cannot read it. */
export function checkDatabaseVersion(database: DatabaseSync): void {
  const version = versionOf(database);
  // 0 is another program's file, which has none of the tables.
  if (version !== 0 && version !== databaseVersion)
    throw new Error(
      `the database has version ${version}, this program reads ${databaseVersion}: start observability of the same release`,
    );
}

/** The version a database has after `migrateDatabase`. */
export const databaseVersion = migrations.length;

/**
 * Brings a database to the newest version, all or nothing. The version is read under the lock, so that two processes
 * that open a new file at once do not both create its tables.
 * @throws Error when the database was written by a newer version.
 */
export function migrateDatabase(database: DatabaseSync): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = versionOf(database);
    if (version > databaseVersion) {
      throw new Error(
        `the database has version ${version}, but this program supports only ${databaseVersion}: update the program`,
      );
    }
    for (const statements of migrations.slice(version)) database.exec(statements);
    database.exec(`PRAGMA user_version = ${databaseVersion}; COMMIT;`);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
