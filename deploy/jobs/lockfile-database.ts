// Real rows for the SQL tool: every package of package-lock.json in a SQLite database.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Writes examples/lockfile.sqlite, and beside it the counts that answers are checked against, taken from the lockfile
 * and not from the database.
 * @returns the two files.
 */
export function buildLockfileDatabase(root: string): readonly string[] {
  const lockfile = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  const packages = Object.entries(lockfile.packages).filter(([path, entry]) => path.includes("node_modules/") && !entry.link);
  const file = join(root, "examples", "lockfile.sqlite");
  const partial = `${file}.${process.pid}`;
  rmSync(partial, { force: true });
  const database = new DatabaseSync(partial);
  try {
    database.exec(
      "CREATE TABLE packages (path TEXT PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, license TEXT, development INTEGER NOT NULL, dependencies INTEGER NOT NULL)",
    );
    const insert = database.prepare("INSERT INTO packages VALUES (?, ?, ?, ?, ?, ?)");
    database.exec("BEGIN");
    for (const [path, entry] of packages) {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      const dependencies = Object.keys(entry.dependencies ?? {}).length;
      insert.run(path, name, entry.version ?? "", entry.license ?? null, entry.dev ? 1 : 0, dependencies);
    }
    database.exec("COMMIT");
  } finally {
    database.close();
  }
  renameSync(partial, file);
  const licenses: Record<string, number> = {};
  for (const [, { license = "none" }] of packages) licenses[license] = (licenses[license] ?? 0) + 1;
  const counts = join(root, "examples", "lockfile.counts.json");
  writeFileSync(counts, `${JSON.stringify({ packages: packages.length, licenses }, null, 2)}\n`);
  return [file, counts];
}
