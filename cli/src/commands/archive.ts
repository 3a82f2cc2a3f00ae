// ./nocp archive: what compression removed, listed and fetched back byte for byte, from NATS or from a folder.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { sessionIdPattern } from "@nocp/contracts/request.ts";
import type { ScopeFilter } from "@nocp/runtime/stores/archive/archive-scope.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import { type FetchedOriginal, originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { createFolderArchive } from "@nocp/runtime/stores/archive/folder-archive.ts";
import { parseReference } from "@nocp/runtime/stores/archive/reference.ts";
import type { Command } from "commander";
import type { Environment } from "../command.ts";
import { wholeNumber } from "../requests/number-argument.ts";
import { type ClientCommandOptions, withClient } from "../requests/open-client.ts";
import { renderTable } from "../terminal/render-table.ts";

interface ArchiveOptions extends ClientCommandOptions {
  readonly dir?: string;
  readonly tenant?: string;
  readonly session?: string;
  readonly request?: string;
}
interface ListOptions extends ArchiveOptions {
  readonly limit: number;
}

const defaultLimit = 20;

export function declareCommand(command: Command, environment: Environment): void {
  const get = command
    .command("get")
    .description("Write an original to stdout as it was; of a reference without a number, list what it holds.")
    .argument("<ref>", "as in the compressed text, or with .1, .2, … as in archived")
    .action((ref: string, options: ArchiveOptions) =>
      withArchive(environment, options, (archive) => show(environment, archive, ref, options)),
    );
  const list = command
    .command("list")
    .description("The newest references, with whose they are.")
    .option("--limit <count>", "how many at most", wholeNumber("references", 1), defaultLimit)
    .action((options: ListOptions) => withArchive(environment, options, (archive) => listAll(environment, archive, options)));
  for (const subcommand of [get, list]) {
    subcommand
      .option("--dir <folder>", "the folder given to ./nocp assess --archive-dir, instead of NATS")
      .option("--tenant <tenant>", "only this tenant's")
      .option("--session <id>", "only this session's")
      .option("--request <id>", "only this request's, where it had no session")
      .option("--nats-url <url>", "NATS to use; the running ./nocp up without it");
  }
}

const withArchive = (
  environment: Environment,
  options: ArchiveOptions,
  work: (archive: ArchiveStore) => Promise<void>,
): Promise<void> =>
  options.dir === undefined
    ? withClient(environment, options, ({ broker }) => work(broker.archive))
    : work(createFolderArchive(options.dir));

/** @throws NocpError USAGE for what cannot be a tenant, session or request. */
function filterOf({ tenant, session, request, dir }: ArchiveOptions): ScopeFilter {
  if (session !== undefined && request !== undefined) throw new NocpError("USAGE", "give --session or --request, not both");
  for (const [option, value] of Object.entries({ tenant, session, request })) {
    // Lines of ./nocp assess have any id.
    if (value === undefined || (option === "request" && dir !== undefined) || sessionIdPattern.test(value)) continue;
    throw new NocpError("USAGE", `--${option} ${JSON.stringify(value)} may hold letters, digits, - and _ only`);
  }
  if (session !== undefined) return { tenant, kind: "session", id: session };
  return request === undefined ? { tenant } : { tenant, kind: "request", id: request };
}

async function show(environment: Environment, archive: ArchiveStore, ref: string, options: ArchiveOptions): Promise<void> {
  const { terminal, stdout } = environment;
  const { bundle: reference, position } = parseReference(ref);
  const bundle = await archive.get(reference, filterOf(options));
  const originals = originalsOf(bundle);
  if (position === undefined) {
    if (options.json) return terminal.printJson({ ref: reference, scope: bundle.scope, items: originals.map(summaryOf) });
    const rows = originals.map(({ reference: own, kind, itemId, title, bytes }) => [own, kind, itemId, title, String(bytes)]);
    return terminal.print(renderTable(columnsOf("ref", "kind", "item", "title", "bytes"), rows, terminal));
  }
  const original = originals[position];
  if (!original) throw new NocpError("ARCHIVE_MISSING", `${reference} has ${originals.length} items, there is no ${ref}`);
  if (options.json) return terminal.printJson({ ...summaryOf(original), text: textOfOriginal(original) });
  stdout.write(original.content);
}

const summaryOf = ({ content: _content, reference, ...entry }: FetchedOriginal) => ({ ref: reference, ...entry });

async function listAll({ terminal }: Environment, archive: ArchiveStore, options: ListOptions): Promise<void> {
  const found = (await archive.list(filterOf(options))).slice(0, options.limit);
  if (options.json)
    return terminal.printJson(found.map(({ reference, originals, ...rest }) => ({ ref: reference, items: originals, ...rest })));
  if (found.length === 0) return terminal.print("nothing is archived");
  const rows = found.map(({ reference, scope, originals, bytes, storedAt }) => [
    reference,
    new Date(storedAt).toISOString().slice(0, 19).replace("T", " "),
    scope.tenant,
    `${scope.kind} ${scope.id}`,
    String(originals),
    String(bytes),
  ]);
  terminal.print(renderTable(columnsOf("ref", "time (UTC)", "tenant", "of", "items", "bytes"), rows, terminal));
}

const columnsOf = (...titles: string[]) => titles.map((title) => ({ title }));
