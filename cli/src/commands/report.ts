// ./nocp report: the last transactions with totals, from observability's database.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { observabilitySection } from "@nocp/observability/config.ts";
import { renderReport } from "@nocp/observability/render-report.ts";
import { reportOf } from "@nocp/observability/report.ts";
import { openTransactionStore } from "@nocp/observability/transaction-store.ts";
import { loadConfig } from "@nocp/shared/config/load-config.ts";
import type { Command } from "commander";
import type { CommonOptions, Surroundings } from "../command.ts";
import { wholeNumber } from "../requests/number-argument.ts";
import { configSources } from "../settings/config-sources.ts";

interface ReportOptions extends CommonOptions {
  readonly last: number;
  readonly tenant?: string;
  readonly database?: string;
}

const defaultLast = 20;

export function declareCommand(command: Command, surroundings: Surroundings): void {
  command
    .option("-n, --last <count>", "how many transactions", wholeNumber("transactions", 1), defaultLast)
    .option("--tenant <tenant>", "only of this tenant")
    .option("--database <file>", "another database than the configured one")
    .action((options: ReportOptions) => report(surroundings, options));
}

async function report(surroundings: Surroundings, options: ReportOptions): Promise<void> {
  const { terminal, root } = surroundings;
  const config = loadConfig([observabilitySection], configSources(surroundings, options));
  const file = options.database ?? resolve(root, config.section(observabilitySection).databaseFile);
  const scope = { last: options.last, ...(options.tenant === undefined ? {} : { tenant: options.tenant }) };
  // Who asks before the first run is only told that there is nothing yet.
  const store = existsSync(file) ? openTransactionStore(file, { readOnly: true }) : openTransactionStore(":memory:");
  try {
    const found = reportOf(store, scope);
    if (options.json) terminal.printJson(found);
    else terminal.print(renderReport(found, { colour: terminal.colors.isColorSupported }).trimEnd());
  } finally {
    store.close();
  }
}
