// ./nocp tenants: who may use the NATS server that ./nocp runs, each apart from the others.
import type { Command, OptionValues } from "@commander-js/extra-typings";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import { readTenants } from "@nocp/runtime/accounts/tenants-file.ts";
import { writeTenantRecords } from "@nocp/runtime/transport/tenant-records.ts";
import type { Environment } from "../command.ts";
import { applyTenants, ownTenantServer } from "../deployment/apply-tenants.ts";
import { createTenant, deleteTenant, type IssuedCredential, rotateTenant } from "../deployment/change-tenants.ts";
import { composeAddress, composeFolderOf, findComposeServer } from "../deployment/compose-server.ts";
import { findRunning } from "../deployment/run-state.ts";
import { natsFolderOf } from "../deployment/start-deployment.ts";
import { wholeNumber } from "../options/option-values.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { withBroker } from "../requests/open-client.ts";
import { createMachine } from "../setup/create-machine.ts";
import { renderTable } from "../terminal/render-table.ts";

interface TenantOptions extends CommonOptions {
  readonly compose?: boolean | undefined;
}

const withTenantOptions = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  withCommonOptions(command.option("--compose", "for the deployment that docker compose runs, instead of ./nocp up"));

export function declareCommand(command: Command, environment: Environment): void {
  withTenantOptions(
    command
      .command("create")
      .description("Create a tenant and print its credentials, once.")
      .argument("<name>", "letters, digits, - and _")
      .option("--max-connections <count>", "connections at once (default: no limit)", wholeNumber(1)),
  ).action(async (name, options) => {
    const { maxConnections } = options;
    const settings = maxConnections === undefined ? {} : { maxConnections };
    await announce(environment, options, createTenant(folderOf(environment, options), name, settings, Date.now()));
  });
  withTenantOptions(command.command("list").description("List the tenants.")).action((options) => list(environment, options));
  withTenantOptions(
    command
      .command("rotate")
      .description("Issue a new password. The old one stops working at once.")
      .argument("<name>", "the tenant"),
  ).action(async (name, options) => announce(environment, options, rotateTenant(folderOf(environment, options), name)));
  withTenantOptions(
    command
      .command("delete")
      .description("Delete a tenant. Its access ends at once; its stored data expires.")
      .argument("<name>", "the tenant"),
  ).action(async (name, options) => {
    deleteTenant(folderOf(environment, options), name);
    await apply(environment, options);
    if (options.json) environment.terminal.printJson({ name, deleted: true });
    else environment.terminal.print(`deleted tenant ${name}`);
  });
}

function list(environment: Environment, options: TenantOptions): void {
  const { terminal } = environment;
  const tenants = [
    { name: defaultTenant, createdAt: null, maxConnections: null },
    ...readTenants(folderOf(environment, options)).map(({ name, createdAt, settings }) => ({
      ...{ name, createdAt },
      maxConnections: settings.maxConnections ?? null,
    })),
  ];
  if (options.json) {
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
async function apply(environment: Environment, options: TenantOptions, issued?: IssuedCredential): Promise<string | undefined> {
  const folder = folderOf(environment, options);
  const running = findRunning(environment.dataFolder);
  const server = options.compose
    ? await findComposeServer(createMachine(environment, options), environment.root)
    : ownTenantServer(running);
  await applyTenants(folder, natsFolderOf(folder), server, issued);
  if (server) {
    const natsUrl = options.compose ? composeAddress(environment.dataFolder) : running?.natsUrl;
    await withBroker(environment, { ...options, natsUrl }, ({ connection }) =>
      writeTenantRecords(connection, readTenants(folder), 1),
    );
  }
  return server?.natsUrl;
}

/** Where the credentials and the tenants are kept. */
const folderOf = ({ dataFolder }: Environment, { compose }: TenantOptions): string =>
  compose ? composeFolderOf(dataFolder) : dataFolder;

async function announce(environment: Environment, options: TenantOptions, issued: IssuedCredential): Promise<void> {
  const { terminal } = environment;
  const natsUrl = await apply(environment, options, issued);
  const { user, password } = issued;
  if (options.json) return terminal.printJson({ name: user, natsUrl: natsUrl ?? null, user, password });
  terminal.print(`NATS_URL=${natsUrl ?? "nats://127.0.0.1:4222"}\nNATS_USER=${user}\nNATS_PASSWORD=${password}`);
  terminal.note("This is the only time the password is shown.");
  const program = options.compose ? "docker compose" : "./nocp up";
  if (natsUrl === undefined) terminal.note(`${program} is not running; it accepts the tenant from its next start.`);
}
