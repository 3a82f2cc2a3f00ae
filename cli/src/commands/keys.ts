// ./nocp keys: who may use the HTTP API, and for what.
import { type Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import {
  createKeyId,
  createKeySecret,
  digestOfKey,
  type GatewayKey,
  gatewayCompressionModes,
  gatewayPaths,
  isExpired,
} from "@nocp/contracts/gateway-key.ts";
import { sessionIdPattern } from "@nocp/contracts/request.ts";
import { lanes } from "@nocp/contracts/topology.ts";
import { allowanceText, type Budget } from "@nocp/runtime/budgets/budget.ts";
import type { KeyStore } from "@nocp/runtime/stores/keys/key-store.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { changeBudgets, readBudgets } from "../budgets/stored-budgets.ts";
import type { Environment } from "../command.ts";
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
  readonly expires?: number | undefined;
  readonly budget?: Allowance[] | undefined;
}
type Allowance = Pick<Budget, "limit" | "unit" | "per">;
interface RotateOptions extends ClientCommandOptions {
  readonly grace: number;
}

export function declareCommand(command: Command, environment: Environment): void {
  withClientOptions(
    command
      .command("create")
      .description("Create a key and print it. It is shown this once; NOCP keeps only its digest.")
      .requiredOption("--name <name>", "what the key is for")
      .option("--tenant <tenant>", "whose requests these are", tenantName, "default")
      .option("--models <models>", "what may be named as the model, separated by commas; * at the end for any ending", list)
      .option("--lanes <lanes>", "interactive, batch, or both", someOf(lanes))
      .option("--paths <paths>", "queue, direct, or both: the ways that calls may take", someOf(gatewayPaths))
      .option("--compression <mode>", "off, lossless or auto: what calls get that do not say", compressionMode)
      .option("--expires <duration>", "when it ends, e.g. 12h or 30d", duration)
      .option(
        "--budget <allowance>",
        "what it may spend, e.g. 5usd/day or 60requests/minute; can be repeated",
        (text, before: Allowance[] | undefined) => [...(before ?? []), allowance(text)],
      ),
  ).action((options) => withKeys(environment, options, (keys, broker) => create(environment, { keys, broker }, options)));
  withClientOptions(command.command("list").description("List the keys.")).action((options) =>
    withKeys(environment, options, (keys, broker) => listKeys(environment, { keys, broker }, options)),
  );
  withClientOptions(
    command
      .command("rotate")
      .description("Replace a key by a new one with the same rights, and print it.")
      .argument("<id>", "as ./nocp keys list shows it")
      .option("--grace <duration>", "how long the old one still works", duration, 0),
  ).action((id, options) => withKeys(environment, options, (keys) => rotate(environment, keys, id, options)));
  withClientOptions(
    command.command("delete").description("Delete a key at once.").argument("<id>", "as ./nocp keys list shows it"),
  ).action((id, options) => withKeys(environment, options, (keys, broker) => remove(environment, { keys, broker }, id, options)));
}

const withKeys = (
  environment: Environment,
  options: ClientCommandOptions,
  work: (keys: KeyStore, broker: Broker) => Promise<void>,
) => withBroker(environment, options, async (broker) => work(await broker.keys(), broker));

/** The store of the keys, and where their budgets are. */
interface Stores {
  readonly keys: KeyStore;
  readonly broker: Broker;
}

async function create({ terminal }: Environment, { keys, broker }: Stores, options: CreateOptions): Promise<void> {
  const secret = createKeySecret();
  const now = Date.now();
  const key: GatewayKey = {
    v: 1,
    id: createKeyId(),
    name: options.name,
    digest: digestOfKey(secret),
    tenant: options.tenant,
    models: options.models ?? [],
    lanes: options.lanes ?? [],
    ...(options.paths ? { paths: options.paths } : {}),
    compression: options.compression ?? null,
    createdAt: now,
    expiresAt: options.expires === undefined ? null : now + options.expires,
  };
  const budgets = (options.budget ?? []).map((allowed, index): Budget => {
    const id = `key-${key.id}-${index + 1}`;
    return { id, scope: { key: key.id }, ...allowed, soft: null, onSoft: "warn" };
  });
  // Before the key: it must not work without its limits.
  if (budgets.length > 0) await changeBudgets(broker, (others) => [...others, ...budgets]);
  await keys.put(key);
  if (options.json) return terminal.printJson({ ...shown(key), budgets: budgets.map(allowanceText), key: secret });
  terminal.note(`key ${key.id} for tenant ${key.tenant}; this is the only time that it is shown`);
  terminal.print(secret);
}

async function rotate({ terminal }: Environment, keys: KeyStore, id: string, options: RotateOptions): Promise<void> {
  const now = Date.now();
  const old = (await keysOf(keys, id)).filter((key) => !isExpired(key, now));
  const [newest] = old;
  if (!newest) throw new NocpError("USAGE", `key ${id} has expired`, { advice: "Create a new key." });
  const secret = createKeySecret();
  await keys.put({ ...newest, digest: digestOfKey(secret), createdAt: now });
  for (const key of old) {
    if (options.grace === 0) await keys.delete(key.digest);
    else await keys.put({ ...key, expiresAt: Math.min(key.expiresAt ?? Number.POSITIVE_INFINITY, now + options.grace) });
  }
  if (options.json) return terminal.printJson({ ...shown({ ...newest, createdAt: now }), key: secret });
  terminal.note(`key ${id} is replaced; this is the only time that the new one is shown`);
  terminal.print(secret);
}

async function remove(
  { terminal }: Environment,
  { keys, broker }: Stores,
  id: string,
  options: ClientCommandOptions,
): Promise<void> {
  for (const { digest } of await keysOf(keys, id)) await keys.delete(digest);
  if ((await budgetsOfKeys(broker)).has(id))
    await changeBudgets(broker, (budgets) => budgets.filter(({ scope }) => scope.key !== id));
  if (options.json) terminal.printJson({ id, deleted: true });
  else terminal.note(`key ${id} is deleted`);
}

/** Newest first: a rotated key and its successor have one id. @throws NocpError USAGE when there is none. */
async function keysOf(keys: KeyStore, id: string): Promise<GatewayKey[]> {
  const found = (await keys.list()).filter((key) => key.id === id);
  if (found.length > 0) return found;
  throw new NocpError("USAGE", `there is no key ${JSON.stringify(id)}`, { advice: "./nocp keys list shows the ids." });
}

/** By the id of a key: what it may spend. */
async function budgetsOfKeys(broker: Broker): Promise<ReadonlyMap<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const budget of await readBudgets(broker)) {
    const { key } = budget.scope;
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), allowanceText(budget)]);
  }
  return found;
}

async function listKeys({ terminal }: Environment, { keys, broker }: Stores, options: ClientCommandOptions): Promise<void> {
  const all = await keys.list();
  const budgets = await budgetsOfKeys(broker);
  if (options.json) return terminal.printJson(all.map((key) => ({ ...shown(key), budgets: budgets.get(key.id) ?? [] })));
  if (all.length === 0) return terminal.print("there are no keys: the HTTP API answers calls from this machine only");
  const columns = ["id", "name", "tenant", "models", "lanes", "budgets", "created (UTC)", "expires (UTC)"].map((title) => ({
    title,
  }));
  const rows = all.map((key) => [
    key.id,
    key.name,
    key.tenant,
    key.models.join(", ") || "all",
    key.lanes.join(", ") || "all",
    budgets.get(key.id)?.join(", ") ?? "none",
    timeText(key.createdAt),
    key.expiresAt === null ? "never" : `${timeText(key.expiresAt)}${isExpired(key, Date.now()) ? " (over)" : ""}`,
  ]);
  terminal.print(renderTable(columns, rows, terminal));
}

const timeText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ");

/** A key as it may be printed. */
const shown = ({ digest: _digest, v: _v, ...key }: GatewayKey) => key;

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
