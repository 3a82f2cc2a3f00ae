// ./nocp tenants: who may use the NATS server that ./nocp runs, each apart from the others.
import type { Command } from "@commander-js/extra-typings";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import { writeTenantRecords } from "@nocp/runtime/transport/tenant-records.ts";
import type { Environment } from "../command.ts";
import { applyTenants, createTenant, deleteTenant, type IssuedCredential, rotateTenant } from "../deployment/change-tenants.ts";
import { findRunning } from "../deployment/run-state.ts";
import { natsFolderOf } from "../deployment/start-deployment.ts";
import { readTenants } from "../deployment/tenants-file.ts";
import { wholeNumber } from "../options/option-values.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { withBroker } from "../requests/open-client.ts";
import { renderTable } from "../terminal/render-table.ts";

export function declareCommand(command: Command, environment: Environment): void {
  const { dataFolder } = environment;
  withCommonOptions(
    command
      .command("create")
      .description("create a tenant and print its credentials, once")
      .argument("<name>", "letters, digits, - and _")
      .option("--max-connections <count>", "connections at once (default: no limit)", wholeNumber(1)),
  ).action(async (name, options) => {
    const { maxConnections } = options;
    const settings = maxConnections === undefined ? {} : { maxConnections };
    const issued = createTenant(dataFolder, name, settings, Date.now());
    await announce(environment, options, issued, "new");
  });
  withCommonOptions(command.command("list").description("list the tenants")).action((options) => list(environment, options));
  withCommonOptions(
    command
      .command("rotate")
      .description("issue a new password; the former one is refused at once")
      .argument("<name>", "the tenant"),
  ).action(async (name, options) => announce(environment, options, rotateTenant(dataFolder, name), "changed"));
  withCommonOptions(
    command.command("delete").description("refuse a tenant; what it stored expires").argument("<name>", "the tenant"),
  ).action(async (name, options) => {
    deleteTenant(dataFolder, name);
    await apply(environment, options, "changed");
    if (options.json) environment.terminal.printJson({ name, deleted: true });
    else environment.terminal.print(`deleted tenant ${name}`);
  });
}

function list({ terminal, dataFolder }: Environment, { json }: CommonOptions): void {
  const tenants = [
    { name: defaultTenant, createdAt: null, maxConnections: null },
    ...readTenants(dataFolder).map(({ name, createdAt, settings }) => ({
      ...{ name, createdAt },
      maxConnections: settings.maxConnections ?? null,
    })),
  ];
  if (json) {
    terminal.printJson(tenants);
    return;
  }
  const rows = tenants.map(({ name, createdAt, maxConnections }) => [
    name,
    createdAt === null ? "always there" : new Date(createdAt).toISOString(),
    maxConnections === null ? "any" : String(maxConnections),
  ]);
  terminal.print(renderTable([{ title: "tenant" }, { title: "created (UTC)" }, { title: "connections" }], rows, terminal));
}

/** @returns the address of the running server; `undefined` when none runs. */
async function apply(environment: Environment, options: CommonOptions, change: "new" | "changed"): Promise<string | undefined> {
  const { dataFolder } = environment;
  const running = findRunning(dataFolder);
  const natsUrl = await applyTenants(dataFolder, natsFolderOf(dataFolder), running, change);
  if (natsUrl !== undefined)
    await withBroker(environment, options, ({ connection }) => writeTenantRecords(connection, readTenants(dataFolder), 1));
  return natsUrl;
}

async function announce(
  environment: Environment,
  options: CommonOptions,
  issued: IssuedCredential,
  change: "new" | "changed",
): Promise<void> {
  const { terminal } = environment;
  const natsUrl = await apply(environment, options, change);
  const { user, password } = issued;
  if (options.json) return terminal.printJson({ name: user, natsUrl: natsUrl ?? null, user, password });
  terminal.print(`NATS_URL=${natsUrl ?? "nats://127.0.0.1:4222"}\nNATS_USER=${user}\nNATS_PASSWORD=${password}`);
  terminal.note("This is the only time the password is shown.");
  if (natsUrl === undefined) terminal.note("./nocp up is not running; it accepts the tenant from its next start.");
}
