// ./nocp keys: who may use the HTTP API, and for what.
import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type GatewayKey, gatewayCompressionModes, gatewayPaths, isExpired } from "@nocp/contracts/gateway-key.ts";
import { payloadModes } from "@nocp/contracts/payload-mode.ts";
import { sessionIdPattern } from "@nocp/contracts/request.ts";
import { lanes } from "@nocp/contracts/topology.ts";
import { createKeyIssuer, type IssuedKey, type KeyIssuer } from "@nocp/gateway/keys/key-issuer.ts";
import { allowanceText } from "@nocp/runtime/budgets/budget.ts";
import { type Allowance, createKeyBudgets } from "@nocp/runtime/budgets/stored-budgets.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import type { Environment } from "../command.ts";
import { adminKeyFileOf, adminKeyWriter } from "../deployment/admin-key.ts";
import { allowance, list, someOf } from "../options/option-values.ts";
import { type ClientCommandOptions, withClientOptions } from "../options/shared-options.ts";
import { withBroker } from "../requests/open-client.ts";
import { renderTable } from "../terminal/render-table.ts";

interface CreateOptions extends ClientCommandOptions {
  readonly name: string;
  readonly tenant: string;
  readonly models?: string[] | undefined;
  readonly lanes?: GatewayKey["lanes"] | undefined;
  readonly paths?: GatewayKey["paths"];
  readonly compression?: GatewayKey["compression"] | undefined;
  readonly payloads?: GatewayKey["payloads"];
  readonly expires?: number | undefined;
  readonly admin?: true | undefined;
  readonly budget?: Allowance[] | undefined;
}
interface RotateOptions extends ClientCommandOptions {
  readonly grace: number;
}

export function declareCommand(command: Command, environment: Environment): void {
  withClientOptions(
    command
      .command("create")
      .description("Create a key and print it. It is shown only once; NOCP stores only its digest.")
      .requiredOption("--name <name>", "what the key is for")
      .option("--tenant <tenant>", "whose requests these are", tenantName, "default")
      .option("--models <models>", "models that calls may name, separated by commas; a final * matches any ending", list)
      .option("--lanes <lanes>", "interactive, batch, or both", someOf(lanes))
      .option("--paths <paths>", "queue, direct, or both: the paths that calls may take", someOf(gatewayPaths))
      .option("--admin", "may also use the endpoints for operators, which show and change what belongs to every tenant")
      .option("--compression <mode>", "off, lossless or auto: compression of calls that do not set it", compressionMode)
      .addOption(
        new Option("--payloads <mode>", "inline or reference: binary data of calls in mode lossless that do not say it").choices(
          payloadModes,
        ),
      )
      .option("--expires <duration>", "when it ends, e.g. 12h or 30d", duration)
      .option(
        "--budget <allowance>",
        "what it may spend, e.g. 5usd/day or 60requests/minute; can be repeated",
        (text, before: Allowance[] | undefined) => [...(before ?? []), allowance(text)],
      ),
  ).action((options) => withKeys(environment, options, (issuer) => create(environment, issuer, options)));
  withClientOptions(command.command("list").description("List the keys.")).action((options) =>
    withKeys(environment, options, (issuer) => listKeys(environment, issuer, options)),
  );
  withClientOptions(
    command
      .command("rotate")
      .description("Replace a key by a new one with the same rights, and print it.")
      .argument("<id>", "as ./nocp keys list shows it")
      .option("--grace <duration>", "how long the old one still works", duration, 0),
  ).action((id, options) =>
    withKeys(environment, options, async (issuer, broker) => {
      const writeFile = await adminKeyWriter(broker, environment.dataFolder, id);
      const issued = await issuer.rotate(id, options.grace);
      if (!issued) throw noSuchKey(id);
      writeFile?.(issued.secret);
      showRotated(environment, issued, options, writeFile ? adminKeyFileOf(environment.dataFolder) : undefined);
    }),
  );
  withClientOptions(
    command.command("delete").description("Delete a key at once.").argument("<id>", "as ./nocp keys list shows it"),
  ).action((id, options) => withKeys(environment, options, (issuer) => remove(environment, issuer, id, options)));
}

const withKeys = (
  environment: Environment,
  options: ClientCommandOptions,
  work: (issuer: KeyIssuer, broker: Broker) => Promise<void>,
) =>
  withBroker(environment, options, async (broker) =>
    work(createKeyIssuer({ keys: await broker.keys(), budgets: createKeyBudgets(broker), now: Date.now }), broker),
  );

async function create({ terminal }: Environment, issuer: KeyIssuer, options: CreateOptions): Promise<void> {
  const allowances = options.budget ?? [];
  const { key, secret } = await issuer.create({
    ...{ name: options.name, tenant: options.tenant, models: options.models ?? [], lanes: options.lanes ?? [] },
    ...{ paths: options.paths, compression: options.compression ?? null, admin: options.admin },
    ...{ payloads: options.payloads },
    ...{ lifetimeMs: options.expires ?? null, allowances },
  });
  if (options.json) return terminal.printJson({ ...key, budgets: allowances.map(allowanceText), key: secret });
  terminal.note(`key ${key.id} for tenant ${key.tenant}; it is shown only this once`);
  terminal.print(secret);
}

function showRotated({ terminal }: Environment, issued: IssuedKey, { json }: RotateOptions, file: string | undefined): void {
  if (json) {
    terminal.printJson({ ...issued.key, key: issued.secret });
    return;
  }
  const place = file === undefined ? "this is the only time that the new one is shown" : `the new one is in ${file}, too`;
  terminal.note(`key ${issued.key.id} is replaced; ${place}`);
  terminal.print(issued.secret);
}

async function remove({ terminal }: Environment, issuer: KeyIssuer, id: string, options: ClientCommandOptions): Promise<void> {
  if (!(await issuer.remove(id))) throw noSuchKey(id);
  if (options.json) terminal.printJson({ id, deleted: true });
  else terminal.note(`key ${id} is deleted`);
}

const noSuchKey = (id: string): NocpError =>
  new NocpError("USAGE", `there is no key ${JSON.stringify(id)}`, { advice: "./nocp keys list shows the ids." });

async function listKeys({ terminal }: Environment, issuer: KeyIssuer, options: ClientCommandOptions): Promise<void> {
  const all = await issuer.list();
  if (options.json) return terminal.printJson(all);
  if (all.length === 0) return terminal.print("there are no keys: the HTTP API answers calls from this machine only");
  const columns = ["id", "name", "tenant", "models", "lanes", "budgets", "created (UTC)", "expires (UTC)"].map((title) => ({
    title,
  }));
  const rows = all.map((key) => [
    key.id,
    key.admin ? `${key.name} (admin)` : key.name,
    key.tenant,
    key.models.join(", ") || "all",
    key.lanes.join(", ") || "all",
    key.budgets.join(", ") || "none",
    timeText(key.createdAt),
    key.expiresAt === null ? "never" : `${timeText(key.expiresAt)}${isExpired(key, Date.now()) ? " (over)" : ""}`,
  ]);
  terminal.print(renderTable(columns, rows, terminal));
}

const timeText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ");

function tenantName(text: string): string {
  if (sessionIdPattern.test(text)) return text;
  throw new InvalidArgumentError("It may hold letters, digits, - and _ only.");
}

function compressionMode(text: string): NonNullable<GatewayKey["compression"]> {
  const mode = gatewayCompressionModes.find((known) => known === text);
  if (mode) return mode;
  throw new InvalidArgumentError(`Write one of ${gatewayCompressionModes.join(", ")}.`);
}

const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90m`, `12h`, `30d` in milliseconds. */
function duration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) throw new InvalidArgumentError("Write a number and a unit: 90m, 12h or 30d.");
  return Number(count) * unitsMs[unit as keyof typeof unitsMs];
}
