import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "@nocp/act/sql/open-database.ts";
import { type QueryOutcome, queryDatabase } from "@nocp/act/sql/query-database.ts";
import { parseArguments } from "@nocp/act/tool-registry.ts";
import sqlQuery from "@nocp/act/tools/sql-query.ts";
import { parseWithExactArguments } from "@nocp/contracts/json/exact-numbers.ts";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { actTestContext } from "../fixtures/act-test-tool.ts";

let folder: string;
let databaseFile: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "nocp-act-sql-")));
  databaseFile = join(folder, "shop.sqlite");
  const database = new DatabaseSync(databaseFile);
  database.exec("CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, price REAL, picture BLOB)");
  database.exec("INSERT INTO products VALUES (1, 'pen', 1.5, x'00ff'), (2, 'ink', 9, NULL), (9007199254740993, 'max', 2, NULL)");
  database.exec("CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('blue ink'), ('red pen')");
  database.close();
  writeFileSync(
    join(folder, "not-a-database.txt"),
    "just text, and rather more of it than a database's header has bytes, so that it is read",
  );
  symlinkSync("/etc/hosts", join(folder, "link-out.sqlite"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const query = (input: Record<string, unknown>, context: Parameters<typeof actTestContext>[1] = {}): Promise<QueryOutcome> => {
  const checked = parseArguments(sqlQuery as never, { database: databaseFile, ...input }) as Parameters<typeof sqlQuery.run>[0];
  return sqlQuery.run(checked, actTestContext({ fileRoots: [folder] }, context)) as Promise<QueryOutcome>;
};

/** The statement alone, in this process: what refuses it is SQLite, and no check of the tool's before it. */
const run = async (
  sql: string,
  limits: { maxRows?: number; maxResultBytes?: number } = {},
  parameters: (string | number)[] = [],
) => queryDatabase({ databasePath: databaseFile, sql, parameters, maxRows: 1000, maxResultBytes: 1_000_000, ...limits });

const endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";

describe("sql.query answers", () => {
  test("with rows, columns and their number; a blob as its size, a large integer exactly", async () => {
    const outcome = await query({ sql: "SELECT * FROM products ORDER BY id" });
    expect(outcome).toEqual({
      columns: ["id", "name", "price", "picture"],
      rows: [
        { id: 1, name: "pen", price: 1.5, picture: { blobBytes: 2 } },
        { id: 2, name: "ink", price: 9, picture: null },
        { id: "9007199254740993", name: "max", price: 2, picture: null },
      ],
      rowCount: 3,
      truncated: false,
      truncatedBy: null,
    });
  });

  test("to the identifier that was asked for, with all its digits", async () => {
    const sent = parseWithExactArguments('{"arguments":{"parameters":[9007199254740993]}}') as { arguments: object };
    expect((await query({ sql: "SELECT name FROM products WHERE id = ?", ...sent.arguments })).rows).toEqual([{ name: "max" }]);
  });

  test("with values bound by position and by name, never read as SQL", async () => {
    expect((await query({ sql: "SELECT name FROM products WHERE name = :name", parameters: { name: "ink" } })).rowCount).toBe(1);
    expect((await run("SELECT name FROM products WHERE price < ?", {}, [1.6])).rows).toEqual([{ name: "pen" }]);
    expect((await run("SELECT name FROM products WHERE name = ?", {}, ["x' OR '1'='1"])).rowCount).toBe(0);
  });

  test("with both columns of one name", async () => {
    const { rows } = await run("SELECT a.name, b.name FROM products a, products b WHERE a.id = 1 AND b.id = 2");
    expect(rows).toEqual([{ name: "pen", name_2: "ink" }]);
  });

  test("as many rows as may be, and says that there are more", async () => {
    expect(await run("SELECT id FROM products", { maxRows: 2 })).toMatchObject({
      rowCount: 2,
      truncated: true,
      truncatedBy: "maxRows",
    });
    expect(await run("SELECT id FROM products", { maxRows: 3 })).toMatchObject({ rowCount: 3, truncated: false });
  });

  test("as many bytes as may be, and says that there is more", async () => {
    const sql = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x, hex(zeroblob(50)) FROM c";
    const outcome = await run(sql, { maxRows: 10_000, maxResultBytes: 10_000 });
    expect(outcome).toMatchObject({ truncated: true, truncatedBy: "bytes" });
    expect(Buffer.byteLength(JSON.stringify(outcome))).toBeLessThanOrEqual(10_000);
  });

  test.each([
    ["a comment and a semicolon behind the statement", "SELECT 1 AS one; -- done\n /* really */ ;"],
    ["a plan", "EXPLAIN QUERY PLAN SELECT * FROM products"],
    ["values", "VALUES (1)"],
    ["a full-text search", "SELECT body FROM notes WHERE notes MATCH 'ink'"],
    ["the schema", "SELECT sql FROM sqlite_schema WHERE name = 'products'"],
  ])("%s", async (_what, sql) => {
    expect((await run(sql)).rowCount).toBeGreaterThan(0);
  });
});

describe("sql.query refuses", () => {
  test.each([
    ["a change", "UPDATE products SET price = 0"],
    ["a change behind WITH", "WITH x AS (SELECT 1) DELETE FROM products"],
    ["a change that returns rows", "WITH x AS (SELECT 1) INSERT INTO products(name) VALUES ('x') RETURNING *"],
    ["a change that is only explained", "EXPLAIN DELETE FROM products"],
    ["a second statement", "SELECT 1; DROP TABLE products"],
    ["a second statement between comments", "SELECT 1; /* */ SELECT 2 /* */"],
    ["a second statement behind a line's comment", "SELECT 1; -- one\n SELECT 2"],
    ["a pragma", "PRAGMA journal_mode = DELETE"],
    ["a pragma as a function", "SELECT * FROM pragma_database_list"],
    ["another database", "ATTACH DATABASE '/tmp/nocp-attached.sqlite' AS other"],
    ["a copy of the database", "VACUUM INTO '/tmp/nocp-copied.sqlite'"],
    ["an extension", "SELECT load_extension('evil')"],
    ["a transaction", "BEGIN EXCLUSIVE"],
  ])("%s", async (_what, sql) => {
    await expect(run(sql)).rejects.toMatchObject({ code: "SQL_NOT_ALLOWED" });
    expect(existsSync("/tmp/nocp-attached.sqlite") || existsSync("/tmp/nocp-copied.sqlite")).toBe(false);
  });

  test.each([
    ["a table that is not there", { sql: "SELECT * FROM nothing" }],
    ["a statement that is not SQL", { sql: "SELECT FROM WHERE" }],
    ["a parameter that is not named", { sql: "SELECT :a", parameters: { b: 1 } }],
    ["a file that is no database", { sql: "SELECT * FROM sqlite_schema", database: "not-a-database.txt" }],
    ["a file that is not there, without creating it", { sql: "SELECT 1", database: "new.sqlite" }],
    ["a value larger than memory", { sql: "SELECT hex(zeroblob(900000000))" }],
    [
      "a text that grows without end",
      { sql: "WITH RECURSIVE c(x) AS (SELECT 'ab' UNION ALL SELECT x || x FROM c) SELECT max(x) FROM c" },
    ],
  ])("%s", async (_what, input) => {
    await expect(query(input)).rejects.toMatchObject({ code: "TOOL_REFUSED" });
    expect(existsSync(join(folder, "new.sqlite"))).toBe(false);
  });

  test.each([["/etc/hosts"], ["../../etc/hosts"], ["link-out.sqlite"], ["file:///etc/hosts?mode=ro"], [":memory:"]])(
    "the file %s",
    async (database) => {
      await expect(query({ sql: "SELECT 1", database })).rejects.toMatchObject({
        code: expect.stringMatching(/PATH_NOT_ALLOWED|TOOL_REFUSED/),
      });
    },
  );
});

test("a query that would run for ever ends with the signal, and its process with it", async () => {
  const ending = new AbortController();
  const running = query({ sql: endless }, { signal: ending.signal });
  setTimeout(() => ending.abort(new Error("time is up")), 300);
  await expect(running).rejects.toThrow("time is up");
});

test("where a system cannot tell which file is open, a checked copy is read, with what stands in the write-ahead log", () => {
  const file = join(folder, "log.sqlite");
  const writer = new DatabaseSync(file);
  writer.exec("PRAGMA journal_mode = WAL; CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('logged')");
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const copies = () => readdirSync(temporary);
  const { database, close } = openDatabase(file, false);
  try {
    expect(copies()).toHaveLength(1);
    expect(database.prepare("SELECT word FROM words").all()).toEqual([{ word: "logged" }]);
  } finally {
    close();
    writer.close();
  }
  expect(copies()).toEqual([]);
  symlinkSync(file, join(folder, "linked.sqlite"));
  expect(() => openDatabase(join(folder, "linked.sqlite"), false)).toThrow(/cannot be opened/);
  expect(copies()).toEqual([]);
});

test("the database is as it was", () => {
  const database = new DatabaseSync(databaseFile, { readOnly: true });
  expect(database.prepare("SELECT count(*) AS products FROM products").get()).toEqual({ products: 3 });
  database.close();
});
