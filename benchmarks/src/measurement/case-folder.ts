// A case as a request: its data as files and databases in a folder that act may read, which the request's tools name.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { NocpRequestInput, ToolCall } from "@nocp/contracts/request.ts";
import type { CaseContext, Row, WorkloadCase } from "../workloads/workload.ts";

/** `raw`: nothing is compressed and the answer stays JSON. `optimized`: what NOCP does when it is told nothing. */
export type Arm = "raw" | "optimized";

export interface CaseFolder {
  /** The same request for both arms, but for what the arm switches off. */
  requestOf(measured: WorkloadCase, arm: Arm, session?: NocpRequestInput["session"]): NocpRequestInput;
  remove(): void;
}

/** Writes a case's files under `root`, which must be one of act's file roots. */
export function writeCaseFolder(root: string, context: CaseContext): CaseFolder {
  // A name of its own each time: act remembers what a path gave.
  const folder = mkdtempSync(join(root, "case-"));
  const tools = [...fileCalls(folder, context), ...tableCalls(folder, context)];
  return {
    requestOf: ({ query, targetRatio, maxTokens, recallFloor, model }, arm, session) => ({
      query,
      ...(session ? { session } : {}),
      documents: [...(context.documents ?? [])],
      messages: [...(context.messages ?? [])],
      tools,
      routing: { provider: "openai-compatible", cache: "off", ...(model === undefined ? {} : { model }) },
      ...(arm === "raw"
        ? { compression: { mode: "off" }, output: { format: "json" } }
        : {
            compression: {
              ...(targetRatio === undefined ? {} : { targetRatio }),
              ...(maxTokens === undefined ? {} : { maxTokens }),
              ...(recallFloor === undefined ? {} : { recallFloor }),
            },
          }),
    }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function fileCalls(folder: string, { files = [] }: CaseContext): ToolCall[] {
  return files.map(({ name, value }, at) => {
    const path = join(folder, `${at + 1}-${name.replace(/[^A-Za-z0-9_-]+/g, "-")}.json`);
    writeFileSync(path, JSON.stringify(value));
    return { id: `file-${at + 1}`, name: "file.read", arguments: { path } };
  });
}

/** Most rows that `sql.query` hands over. */
const maxRows = 10_000;

function tableCalls(folder: string, { tables = [] }: CaseContext): ToolCall[] {
  if (tables.length === 0) return [];
  const path = join(folder, "shop.sqlite");
  const database = new DatabaseSync(path);
  for (const { name, rows } of tables) createTable(database, name, rows);
  database.close();
  return tables.map(({ name }) => ({
    id: name,
    name: "sql.query",
    arguments: { database: path, sql: `SELECT * FROM ${quoted(name)}`, maxRows },
  }));
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function createTable(database: DatabaseSync, name: string, rows: readonly Row[]): void {
  const columns = Object.entries(rows[0] ?? {}).map(
    ([column, value]) => `${quoted(column)} ${typeof value === "number" ? "NUMERIC" : "TEXT"}`,
  );
  database.exec(`CREATE TABLE ${quoted(name)} (${columns.join(", ")})`);
  const insert = database.prepare(`INSERT INTO ${quoted(name)} VALUES (${columns.map(() => "?").join(", ")})`);
  database.exec("BEGIN");
  for (const row of rows) insert.run(...Object.values(row));
  database.exec("COMMIT");
}
