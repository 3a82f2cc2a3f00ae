// ./nocp archive: what compression removed, listed and fetched back byte for byte, from NATS or from a folder.

import type { Command, OptionValues } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { sessionIdPattern } from "@nocp/contracts/request.ts";
import type { ScopeFilter } from "@nocp/runtime/stores/archive/archive-scope.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import { type FetchedOriginal, originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { createFolderArchive } from "@nocp/runtime/stores/archive/folder-archive.ts";
import { parseReference } from "@nocp/runtime/stores/archive/reference.ts";
import type { Environment } from "../command.ts";
import { wholeNumber } from "../options/option-values.ts";
import { type ClientCommandOptions, withClientOptions } from "../options/shared-options.ts";
import { withBroker } from "../requests/open-client.ts";
import { renderTable } from "../terminal/render-table.ts";

interface ArchiveOptions extends ClientCommandOptions {
  readonly dir?: string | undefined;
  readonly tenant?: string | undefined;
  readonly session?: string | undefined;
  readonly request?: string | undefined;
}
interface ListOptions extends ArchiveOptions {
  readonly limit: number;
}

const defaultLimit = 20;

export function declareCommand(command: Command, environment: Environment): void {
  withArchiveOptions(
    command
      .command("get")
      .description("Write an original to stdout, byte for byte. For a reference without a number, list what it holds.")
      .argument("<ref>", "as in the compressed text, or with .1, .2, … as in the result's archived"),
  ).action((ref, options) => withArchive(environment, options, (archive) => show(environment, archive, ref, options)));
  withArchiveOptions(
    command
      .command("list")
      .description("List the newest references and whose they are.")
      .option("--limit <count>", "print at most this many", wholeNumber(1), defaultLimit),
  ).action((options) => withArchive(environment, options, (archive) => listAll(environment, archive, options)));
}

const withArchiveOptions = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  withClientOptions(
    command
      .option("--dir <folder>", "read the folder that ./nocp assess --archive-dir wrote, not NATS")
      .option("--tenant <tenant>", "only this tenant's")
      .option("--session <id>", "only this session's")
      .option("--request <id>", "only this request's, if it had no session"),
  );

const withArchive = (
  environment: Environment,
  options: ArchiveOptions,
  work: (archive: ArchiveStore) => Promise<void>,
): Promise<void> =>
  options.dir === undefined
    ? withBroker(environment, options, (broker) => work(broker.archive))
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
  if (!original) throw new NocpError("ARCHIVE_MISSING", `${reference} has ${originals.length} items, so ${ref} does not exist`);
  if (options.json) return terminal.printJson({ ...summaryOf(original), text: textOfOriginal(original) });
  stdout.write(original.content);
}

const summaryOf = ({ content: _content, reference, ...entry }: FetchedOriginal) => ({ ref: reference, ...entry });

async function listAll({ terminal }: Environment, archive: ArchiveStore, options: ListOptions): Promise<void> {
  const found = (await archive.list(filterOf(options))).slice(0, options.limit);
  if (options.json)
    return terminal.printJson(found.map(({ reference, originals, ...rest }) => ({ ref: reference, items: originals, ...rest })));
  if (found.length === 0) return terminal.print("nothing found in the archive");
  const rows = found.map(({ reference, scope, originals, bytes, storedAt }) => [
    reference,
    new Date(storedAt).toISOString().slice(0, 19).replace("T", " "),
    scope.tenant,
    `${scope.kind} ${scope.id}`,
    String(originals),
    String(bytes),
  ]);
  terminal.print(renderTable(columnsOf("ref", "time (UTC)", "tenant", "scope", "items", "bytes"), rows, terminal));
}

const columnsOf = (...titles: string[]) => titles.map((title) => ({ title }));
