// ./nocp build: the client as a package to publish.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Environment } from "../command.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { buildClient } from "../packaging/build-client.ts";
import { createMachine } from "../setup/create-machine.ts";
import type { RunTool } from "../setup/run-tool.ts";

interface BuildOptions extends CommonOptions {
  readonly out?: string | undefined;
  readonly pack: boolean;
}

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(
    command
      .option("--out <folder>", "folder for the tarball (default: .nocp/packages)")
      // With its default, because commander gives negated options theirs before this command is declared.
      .option("--no-pack", "only write shared/client/dist, as npm pack does before it packs", true),
  ).action((options) => build(environment, options));
}

async function build(environment: Environment, options: BuildOptions): Promise<void> {
  const { terminal, root, dataFolder } = environment;
  const { run } = createMachine(environment, options);
  const { folder, files, imports } = await buildClient(root, dataFolder, run);
  const tarball = options.pack ? await pack(folder, resolve(root, options.out ?? join(dataFolder, "packages")), run) : null;
  if (options.json) return terminal.printJson({ files, imports, tarball });
  for (const { name, bytes } of files) terminal.print(`${name.padEnd(12)} ${(bytes / 1024).toFixed(1)} KiB`);
  terminal.print(`imports      ${imports.join(", ")}`);
  if (tarball !== null) terminal.print(`tarball      ${tarball}`);
}

/** @returns the tarball's path. */
async function pack(folder: string, target: string, run: RunTool): Promise<string> {
  mkdirSync(target, { recursive: true });
  const { exitCode, stdout, stderr } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", target], {
    folder,
  });
  if (exitCode !== 0) throw new NocpError("UNEXPECTED", `npm pack failed: ${stderr.trim()}`);
  const [packed] = JSON.parse(stdout) as { readonly filename: string }[];
  if (!packed) throw new NocpError("UNEXPECTED", "npm pack wrote no tarball");
  return join(target, packed.filename);
}
