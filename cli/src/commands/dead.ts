// ./nocp dead: lists, shows, redrives and drops dead letters.

import type { Command } from "@commander-js/extra-typings";
import type { StoredDeadLetter } from "@nocp/client/dead-letters.ts";
import type { Environment } from "../command.ts";
import { wholeNumber } from "../options/option-values.ts";
import { type ClientCommandOptions, withClientOptions } from "../options/shared-options.ts";
import { withClient } from "../requests/open-client.ts";
import { renderTable } from "../terminal/render-table.ts";

interface ListOptions extends ClientCommandOptions {
  readonly limit: number;
}
interface RedriveOptions extends ClientCommandOptions {
  readonly timeout: number;
}

const defaultLimit = 20;
const defaultTimeoutMs = 5 * 60_000;

export function declareCommand(command: Command, environment: Environment): void {
  withClientOptions(
    command
      .command("list")
      .description("List the newest dead letters.")
      .option("--limit <count>", "print at most this many", wholeNumber(1), defaultLimit),
  ).action((options) => list(environment, options));
  withClientOptions(
    command
      .command("show")
      .description("Print a dead letter and its message.")
      .argument("<id>", "number of the dead letter, or request id"),
  ).action((id, options) => show(environment, id, options));
  withClientOptions(
    command
      .command("redrive")
      .description("Publish the messages of dead letters again, with a new deadline.")
      .argument("<ids...>", "numbers of dead letters, or request ids")
      .option("--timeout <ms>", "new deadline, from now", wholeNumber(1), defaultTimeoutMs),
  ).action((ids, options) => redrive(environment, ids, options));
  withClientOptions(
    command
      .command("drop")
      .description("Delete dead letters permanently. The failed results of their requests are kept.")
      .argument("<ids...>", "numbers of dead letters, or request ids"),
  ).action((ids, options) => drop(environment, ids, options));
}

/** Without the message, which may be large and holds a user's content. */
const summaryOf = ({ sequence, letter: { payload: _payload, headers: _headers, ...rest } }: StoredDeadLetter) => ({
  number: sequence,
  ...rest,
});

const list = (environment: Environment, options: ListOptions): Promise<void> =>
  withClient(environment, options, async ({ deadLetters }) => {
    const { terminal } = environment;
    const found = await deadLetters.list(options.limit);
    if (options.json) return terminal.printJson(found.map(summaryOf));
    if (found.length === 0) return terminal.print("no dead letters");
    const rows = found.map(({ sequence, letter }) => [
      String(sequence),
      new Date(letter.at).toISOString().slice(0, 19).replace("T", " "),
      letter.stage,
      letter.error.code,
      letter.requestId,
      letter.error.message,
    ]);
    const titles = ["number", "time (UTC)", "stage", "code", "request", "error"];
    terminal.print(
      renderTable(
        titles.map((title) => ({ title })),
        rows,
        terminal,
      ),
    );
  });

const show = (environment: Environment, id: string, options: ClientCommandOptions): Promise<void> =>
  withClient(environment, options, async ({ deadLetters }) => {
    const { terminal } = environment;
    const found = await deadLetters.show(id);
    const body = Buffer.from(found.letter.payload, "base64").toString("utf8");
    if (options.json) return terminal.printJson({ ...summaryOf(found), headers: found.letter.headers, body });
    for (const [title, value] of Object.entries(summaryOf(found))) {
      if (title !== "error" && title !== "v")
        terminal.print(`${title.padEnd(10)} ${title === "at" ? new Date(Number(value)).toISOString() : value}`);
    }
    const { code, message, advice } = found.letter.error;
    terminal.print(`error      ${message} (${code})${advice ? `. ${advice}` : ""}`);
    for (const [name, value] of Object.entries(found.letter.headers)) terminal.print(`header     ${name}: ${value}`);
    terminal.print(`\n${body}`);
  });

const redrive = (environment: Environment, ids: readonly string[], options: RedriveOptions): Promise<void> =>
  withClient(environment, options, async ({ deadLetters }) => {
    const { terminal } = environment;
    const sent: StoredDeadLetter[] = [];
    for (const id of ids) {
      const stored = await deadLetters.redrive(id, options.timeout);
      sent.push(stored);
      if (!options.json) terminal.print(`redrove ${stored.letter.requestId} to ${stored.letter.stage}`);
    }
    if (options.json) terminal.printJson(sent.map(summaryOf));
  });

const drop = (environment: Environment, ids: readonly string[], options: ClientCommandOptions): Promise<void> =>
  withClient(environment, options, async ({ deadLetters }) => {
    const { terminal } = environment;
    const dropped: StoredDeadLetter[] = [];
    for (const id of ids) {
      const stored = await deadLetters.drop(id);
      dropped.push(stored);
      if (!options.json) terminal.print(`dropped dead letter ${stored.sequence} of ${stored.letter.requestId}`);
    }
    if (options.json) terminal.printJson(dropped.map(summaryOf));
  });
