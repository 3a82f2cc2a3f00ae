// ./nocp session: the conversations that NOCP keeps.
import { readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { checkSessionRef, checkTenant } from "@nocp/client/check-reference.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type SessionHead, type SessionRef, sessionStatuses } from "@nocp/contracts/session.ts";
import { type Command, Option } from "commander";
import type { Environment } from "../command.ts";
import { wholeNumber } from "../requests/number-argument.ts";
import { type ClientCommandOptions, withClient } from "../requests/open-client.ts";
import { sessionLines, sessionTable, turnLines } from "../requests/render-session.ts";

interface SessionOptions extends ClientCommandOptions {
  readonly tenant: string;
}
interface ListOptions extends ClientCommandOptions {
  readonly tenant?: string;
  readonly status?: SessionHead["status"];
  readonly since?: number;
  readonly limit: number;
}
type ShowOptions = SessionOptions & { readonly turns?: boolean };
type ArchiveOptions = SessionOptions & { readonly undo?: boolean };
type RestoreOptions = ClientCommandOptions & { readonly force?: boolean };

const defaultLimit = 20;
const natsUrlOption = ["--nats-url <url>", "NATS to use; the running ./nocp up without it"] as const;

export function declareCommand(command: Command, environment: Environment): void {
  command
    .command("list")
    .description("The sessions that changed last.")
    .option("--tenant <tenant>", "only of this tenant")
    .addOption(new Option("--status <status>", "only these").choices(sessionStatuses))
    .option("--since <time>", "changed since then: ISO 8601, or an age such as 90m, 12h, 7d", timeArgument)
    .option("--limit <count>", "how many at most", wholeNumber("sessions", 1), defaultLimit)
    .option(...natsUrlOption)
    .action((options: ListOptions) => list(environment, options));
  const onOne = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .argument("<id>", "the session's id")
      .option("--tenant <tenant>", "whose session", "default")
      .option(...natsUrlOption);
  onOne("show", "What is kept of a session: summary, ledger, totals.")
    .option("--turns", "print the turns, word for word")
    .action((id: string, options: ShowOptions) => show(environment, id, options));
  onOne("archive", "Let a session take no further turns.")
    .option("--undo", "let it take turns again")
    .action((id: string, options: ArchiveOptions) => archive(environment, id, options));
  onOne("delete", "Delete a session with all its turns, for good.").action((id: string, options: SessionOptions) =>
    remove(environment, id, options),
  );
  onOne("snapshot", "Write a session with all its turns as JSON.")
    .argument("[file]", "where to; stdout without it")
    .action((id: string, file: string | undefined, options: SessionOptions) => snapshot(environment, id, file, options));
  command
    .command("restore")
    .description("Put a snapshot back in place.")
    .argument("<file>", "what snapshot wrote, or - for stdin")
    .option("--force", "replace the session when there is one")
    .option(...natsUrlOption)
    .action((file: string, options: RestoreOptions) => restore(environment, file, options));
}

const refOf = (id: string, { tenant }: SessionOptions): SessionRef => checkSessionRef({ tenant, id });

const list = (environment: Environment, { limit, ...options }: ListOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    const { tenant, status, since } = options;
    const filter = {
      ...(tenant === undefined ? {} : { tenant: checkTenant(tenant) }),
      ...(status ? { status } : {}),
      ...(since ? { since } : {}),
    };
    const heads = await sessions.list(filter, limit);
    if (options.json) return environment.terminal.printJson(heads);
    environment.terminal.print(heads.length === 0 ? "no sessions" : sessionTable(heads, environment.terminal));
  });

const show = (environment: Environment, id: string, options: ShowOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    const { terminal } = environment;
    const head = await sessions.show(refOf(id, options));
    const turns = options.turns ? await sessions.turns(head) : undefined;
    if (options.json) return terminal.printJson(turns ? { ...head, turnTexts: turns } : head);
    for (const line of turns ? turns.flatMap(turnLines) : sessionLines(head)) terminal.print(line);
  });

const archive = (environment: Environment, id: string, options: ArchiveOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    const head = await sessions.setStatus(refOf(id, options), options.undo ? "active" : "archived");
    if (options.json) return environment.terminal.printJson(head);
    environment.terminal.print(`${id} is ${head.status}`);
  });

const remove = (environment: Environment, id: string, options: SessionOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    await sessions.delete(refOf(id, options));
    if (options.json) return environment.terminal.printJson({ id, tenant: options.tenant, deleted: true });
    environment.terminal.print(`deleted ${id}`);
  });

const snapshot = (environment: Environment, id: string, file: string | undefined, options: SessionOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    const { terminal } = environment;
    const saved = await sessions.snapshot(refOf(id, options));
    if (file === undefined) return terminal.printJson(saved);
    try {
      writeFileSync(file, `${JSON.stringify(saved, null, 2)}\n`);
    } catch (error) {
      throw fileError("write", file, error);
    }
    if (options.json) terminal.printJson({ id, tenant: options.tenant, turns: saved.turns.length, file });
    else terminal.print(`wrote ${saved.turns.length} turns to ${file}`);
  });

const restore = (environment: Environment, file: string, options: RestoreOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    const snapshotJson = await readJson(environment, file);
    const head = await sessions.restore(snapshotJson, { replace: options.force === true });
    if (options.json) return environment.terminal.printJson(head);
    environment.terminal.print(`restored ${head.id} of tenant ${head.tenant} with ${head.turns} turns`);
  });

async function readJson({ stdin }: Environment, file: string): Promise<unknown> {
  let body: string;
  try {
    body = file === "-" ? await text(stdin) : readFileSync(file, "utf8");
  } catch (error) {
    throw fileError("read", file, error);
  }
  try {
    return JSON.parse(body);
  } catch {
    throw new NocpError("INVALID_SNAPSHOT", `${file === "-" ? "stdin" : file} is not JSON`);
  }
}

const fileError = (what: string, file: string, error: unknown): NocpError =>
  new NocpError("USAGE", `cannot ${what} ${file}: ${(error as NodeJS.ErrnoException).code}`, { advice: "Check the path" });

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time as milliseconds since the epoch. */
function timeArgument(written: string): number {
  const age = /^(\d+)([mhd])$/.exec(written);
  const at = age ? Date.now() - Number(age[1]) * (unitMs[age[2] as string] as number) : Date.parse(written);
  if (Number.isFinite(at)) return at;
  throw new NocpError("USAGE", `${written} is no time`, { advice: "Give a date such as 2026-01-31, or an age such as 12h" });
}
