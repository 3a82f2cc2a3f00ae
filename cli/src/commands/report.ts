// ./nocp report: the last transactions with totals, from observability's database.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type Grouping, groupings } from "@nocp/contracts/transaction-report.ts";
import { observabilitySection } from "@nocp/observability/config.ts";
import { reportOf } from "@nocp/observability/report.ts";
import { openTransactionStore, type TransactionStore } from "@nocp/observability/transaction-store.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Environment } from "../command.ts";
import { wholeNumber } from "../options/option-values.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { renderReport } from "../requests/render-report.ts";
import { configSources } from "../settings/config-sources.ts";

interface ReportOptions extends CommonOptions {
  readonly last: number;
  readonly tenant?: string | undefined;
  readonly by?: Grouping | undefined;
  readonly database?: string | undefined;
}

const defaultLast = 20;
/** SQLite's codes for a missing table and for a file that is no database. */
const notOurs = new Set([1, 26]);

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(
    command
      .option("-n, --last <count>", "print this many transactions", wholeNumber(1), defaultLast)
      .option("--tenant <tenant>", "only this tenant's")
      .addOption(new Option("--by <what>", "totals by tenant, key, tag, model or day").choices(groupings))
      .option("--database <file>", "read this database instead of the configured one"),
  ).action((options) => report(environment, options));
}

async function report(environment: Environment, options: ReportOptions): Promise<void> {
  const { terminal } = environment;
  const store = openStore(environment, options);
  try {
    const scope = { last: options.last, ...(options.tenant === undefined ? {} : { tenant: options.tenant }) };
    const found = reportOf(store, scope, options.by);
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
    // Before the first run there is no file, which is not an error.
    return openTransactionStore(":memory:");
  }
  try {
    return openTransactionStore(file, { readOnly: true });
  } catch (error) {
    if (!notOurs.has((error as { errcode?: number }).errcode ?? 0)) throw error;
    throw new NocpError("USAGE", `${file} is not a database of transactions: ${(error as Error).message}`, {
      advice: "Name the file that observability writes (observability.databaseFile)",
      cause: error,
    });
  }
}

function nothingThere(file: string, { tenant, database }: ReportOptions): string {
  const where = `No transactions${tenant === undefined ? "" : ` of tenant ${tenant}`} in ${file} yet.`;
  return database === undefined
    ? `${where} Publish a request first. (The transactions of ./nocp demo are in .nocp/demo/.)`
    : where;
}
