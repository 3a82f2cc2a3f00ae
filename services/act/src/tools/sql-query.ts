// sql.query: one reading statement against a SQLite database in the allowed folders.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { z } from "zod";
import { actSection } from "../config.ts";
import { openFile } from "../files/open-file.ts";
import type { QueryTask } from "../sql/query-database.ts";
import { defineTool } from "../tool.ts";

const value = z.union([z.string(), z.number(), z.bigint(), z.null()]);

/** For a clear message early; what decides is SQLite's own authorizer. */
const beginsWithReading = /^\s*(?:select|with|values|explain)\b/i;

export default defineTool({
  name: "sql.query",
  description: "Runs one reading SQL statement (SELECT, WITH, VALUES or EXPLAIN) on a SQLite database file.",
  arguments: z.strictObject({
    database: z.string().min(1).max(4096).describe("Path of the database file, relative to an allowed root."),
    sql: z.string().min(1).max(100_000).describe("One statement. Put values into parameters, as ? or :name."),
    parameters: z
      .union([z.array(value), z.record(z.string(), value)])
      .default([])
      .describe("A list for ?, an object for :name."),
    maxRows: z.int().min(1).max(10_000).default(1000).describe("More rows than this are cut off, and the result says so."),
  }),
  example: { database: "shop.sqlite", sql: "SELECT name, price FROM products WHERE price > ?", parameters: [10] },
  timeoutMs: 20_000,
  maxAttempts: 3,
  idempotent: true,
  settings: actSection,
  async run({ database, sql, parameters, maxRows }, { settings, signal, maxResultBytes, runInChild }) {
    signal.throwIfAborted();
    if (!beginsWithReading.test(sql)) {
      throw new NocpError("SQL_NOT_ALLOWED", "the statement must begin with SELECT, WITH, VALUES or EXPLAIN");
    }
    const { handle, realPath } = await openFile(database, settings);
    await handle.close();
    const task: QueryTask = { databasePath: realPath, sql, parameters, maxRows, maxResultBytes };
    return runInChild("sql.query", task, signal);
  },
});
