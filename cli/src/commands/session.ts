// ./nocp session: the conversations that NOCP keeps.
import { readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { type Command, InvalidArgumentError, Option, type OptionValues } from "@commander-js/extra-typings";
import { checkSessionRef, checkTenant } from "@nocp/client/check-reference.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { formerClosedStatus, type SessionHead, type SessionRef, sessionStatuses } from "@nocp/contracts/session.ts";
import type { Environment } from "../command.ts";
import { wholeNumber } from "../options/option-values.ts";
import { type ClientCommandOptions, withClientOptions } from "../options/shared-options.ts";
import { withClient } from "../requests/open-client.ts";
import { sessionLines, sessionTable, turnLines } from "../requests/render-session.ts";
import { countOf } from "../terminal/count-of.ts";

interface SessionOptions extends ClientCommandOptions {
  readonly tenant: string;
}
interface ListOptions extends ClientCommandOptions {
  readonly tenant?: string | undefined;
  readonly status?: SessionHead["status"] | typeof formerClosedStatus | undefined;
  readonly since?: number | undefined;
  readonly limit: number;
}
type ShowOptions = SessionOptions & { readonly turns?: boolean | undefined };
type CloseOptions = SessionOptions & { readonly undo?: boolean | undefined };
type RestoreOptions = ClientCommandOptions & { readonly force?: boolean | undefined };

const defaultLimit = 20;

export function declareCommand(command: Command, environment: Environment): void {
  withClientOptions(
    command
      .command("list")
      .description("List the sessions that changed last.")
      .option("--tenant <tenant>", "only this tenant's")
      .addOption(new Option("--status <status>", "only these").choices([...sessionStatuses, formerClosedStatus]))
      .option("--since <time>", "only those changed since: ISO 8601, or an age such as 90m, 12h, 7d", timeArgument)
      .option("--limit <count>", "print at most this many", wholeNumber(1), defaultLimit),
  ).action((options) => list(environment, options));
  const onOne = (name: string, description: string) =>
    command.command(name).description(description).argument("<id>", "id of the session");
  withSessionOptions(
    onOne("show", "Print what is stored of a session: summary, ledger, totals.").option("--turns", "print the turns verbatim"),
  ).action((id, options) => show(environment, id, options));
  withSessionOptions(
    onOne("close", "Close a session: it takes no further turns.").alias("archive").option("--undo", "reopen it"),
  ).action((id, options) => close(environment, id, options));
  withSessionOptions(onOne("delete", "Delete a session and all its turns permanently.")).action((id, options) =>
    remove(environment, id, options),
  );
  withSessionOptions(
    onOne("snapshot", "Write a session and all its turns as JSON.").argument("[file]", "file to write (default: stdout)"),
  ).action((id, file, options) => snapshot(environment, id, file, options));
  withClientOptions(
    command
      .command("restore")
      .description("Restore a session from a snapshot.")
      .argument("<file>", "file that snapshot wrote, or - for stdin")
      .option("--force", "replace the session if it exists"),
  ).action((file, options) => restore(environment, file, options));
}

const withSessionOptions = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  withClientOptions(command.option("--tenant <tenant>", "tenant of the session", "default"));

const refOf = (id: string, { tenant }: SessionOptions): SessionRef => checkSessionRef({ tenant, id });

const list = (environment: Environment, { limit, ...options }: ListOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    const { tenant, status, since } = options;
    const filter = {
      ...(tenant === undefined ? {} : { tenant: checkTenant(tenant) }),
      ...(status ? { status: status === formerClosedStatus ? "closed" : status } : {}),
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

const close = (environment: Environment, id: string, options: CloseOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    const head = await sessions.setStatus(refOf(id, options), options.undo ? "active" : "closed");
    if (options.json) return environment.terminal.printJson(head);
    environment.terminal.print(`session ${id} is ${head.status}`);
  });

const remove = (environment: Environment, id: string, options: SessionOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    await sessions.delete(refOf(id, options));
    if (options.json) return environment.terminal.printJson({ id, tenant: options.tenant, deleted: true });
    environment.terminal.print(`deleted session ${id}`);
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
    else terminal.print(`wrote ${countOf(saved.turns.length, "turn")} to ${file}`);
  });

const restore = (environment: Environment, file: string, options: RestoreOptions): Promise<void> =>
  withClient(environment, options, async ({ sessions }) => {
    const snapshotJson = await readJson(environment, file);
    const head = await sessions.restore(snapshotJson, { replace: options.force === true });
    if (options.json) return environment.terminal.printJson(head);
    environment.terminal.print(`restored session ${head.id} of tenant ${head.tenant} (${countOf(head.turns, "turn")})`);
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
  throw new InvalidArgumentError("Give a date such as 2026-01-31, or an age such as 12h.");
}
