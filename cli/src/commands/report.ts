// ./nocp report: the last transactions with totals, from observability's database.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { observabilitySection } from "@nocp/observability/config.ts";
import { reportOf } from "@nocp/observability/report.ts";
import { openTransactionStore, type TransactionStore } from "@nocp/observability/transaction-store.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Command } from "commander";
import type { CommonOptions, Environment } from "../command.ts";
import { wholeNumber } from "../requests/number-argument.ts";
import { renderReport } from "../requests/render-report.ts";
import { configSources } from "../settings/config-sources.ts";

interface ReportOptions extends CommonOptions {
  readonly last: number;
  readonly tenant?: string;
  readonly database?: string;
}

const defaultLast = 20;
/** SQLite's codes for a missing table and for a file that is no database. */
const notOurs = new Set([1, 26]);

export function declareCommand(command: Command, environment: Environment): void {
  command
    .option("-n, --last <count>", "how many transactions", wholeNumber("transactions", 1), defaultLast)
    .option("--tenant <tenant>", "only of this tenant")
    .option("--database <file>", "another database than the configured one")
    .action((options: ReportOptions) => report(environment, options));
}

async function report(environment: Environment, options: ReportOptions): Promise<void> {
  const { terminal } = environment;
  const store = openStore(environment, options);
  try {
    const found = reportOf(store, { last: options.last, ...(options.tenant === undefined ? {} : { tenant: options.tenant }) });
    if (options.json) terminal.printJson(found);
    else if (found.transactions.length === 0) terminal.print(nothingThere(databaseOf(environment, options), options));
    else for (const line of renderReport(found, terminal)) terminal.print(line);
  } finally {
    store.close();
  }
}

/** The file that was asked for, or the configured one, as it is written there. */
function databaseOf(environment: Environment, options: ReportOptions): string {
  if (options.database !== undefined) return options.database;
  return loadConfig([observabilitySection], configSources(environment, options)).section(observabilitySection).databaseFile;
}

function openStore(environment: Environment, options: ReportOptions): TransactionStore {
  const name = databaseOf(environment, options);
  const file = options.database === undefined ? resolve(environment.root, name) : resolve(name);
  if (!existsSync(file)) {
    if (options.database !== undefined) throw new NocpError("USAGE", `there is no file ${file}`, { advice: "Check the path" });
    // Who asks before the first run is only told that there is nothing yet.
    return openTransactionStore(":memory:");
  }
  try {
    return openTransactionStore(file, { readOnly: true });
  } catch (error) {
    if (!notOurs.has((error as { errcode?: number }).errcode ?? 0)) throw error;
    throw new NocpError("USAGE", `${file} is no database of transactions: ${(error as Error).message}`, {
      advice: "Give the file that observability writes",
      cause: error,
    });
  }
}

function nothingThere(file: string, { tenant, database }: ReportOptions): string {
  const where = `No transactions${tenant === undefined ? "" : ` of tenant ${tenant}`} in ${file} yet.`;
  return database === undefined ? `${where} Publish one; ./nocp demo keeps its own in .nocp/demo/.` : where;
}
