// ./nocp config: show, export, load and compare settings.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Option } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type Config, type ConfigEntry, loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Environment } from "../command.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { findSections } from "../reference/configuration.ts";
import { type ConfigDifference, compareConfig, isChanged } from "../settings/compare-config.ts";
import { configFileOf } from "../settings/config-sources.ts";
import { configAsEnv, configAsYaml, entryAsJson, exportedValue, shownValue } from "../settings/config-text.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { replaceConfigFile } from "../settings/replace-config-file.ts";
import { countOf } from "../terminal/count-of.ts";
import { renderTable } from "../terminal/render-table.ts";

interface ShowOptions extends CommonOptions {
  readonly changed?: boolean | undefined;
}
interface ExportOptions extends CommonOptions {
  readonly format: "yaml" | "env";
  readonly changed?: boolean | undefined;
}
interface LoadOptions extends CommonOptions {
  readonly dryRun?: boolean | undefined;
}

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(
    command
      .command("show")
      .description("Print every setting, its value and where the value comes from.")
      .argument("[section]", "only this section, e.g. act or providers.openai")
      .option("--changed", "only settings that differ from their default"),
  ).action((section, options) => show(environment, section, options));
  withCommonOptions(
    command
      .command("export")
      .description("Write all settings except secrets to stdout.")
      .addOption(new Option("--format <format>", "file format").choices(["yaml", "env"]).default("yaml" as const))
      .option("--changed", "only settings that differ from their default"),
  ).action((options) => exportSettings(environment, options));
  withCommonOptions(
    command
      .command("load")
      .description("Check a YAML file and make it nocp.config.yaml.")
      .argument("<file>")
      .option("--dry-run", "check the file and show what would change, but write nothing"),
  ).action((file, options) => load(environment, file, options));
  withCommonOptions(
    command
      .command("diff")
      .description("Compare two files, or a file with the settings in use.")
      .argument("<file>")
      .argument("[other]", "default: the settings in use"),
  ).action((file, other, options) => diff(environment, file, other, options));
}

/** A file's settings alone, over the defaults. */
async function loadFile({ root }: Environment, file: string): Promise<Config> {
  const path = resolve(file);
  if (!existsSync(path)) throw new NocpError("USAGE", `there is no file ${path}`, { advice: "Check the path" });
  return loadConfig(await findSections(root), { file: path, complete: true });
}

async function show(environment: Environment, section: string | undefined, options: ShowOptions): Promise<void> {
  const { terminal } = environment;
  const { entries } = await loadSettings(environment, options);
  const chosen = entries.filter(
    (entry) => (section === undefined || entry.path.startsWith(`${section}.`)) && (!options.changed || isChanged(entry)),
  );
  if (section !== undefined && !entries.some(({ path }) => path.startsWith(`${section}.`))) {
    throw new NocpError("USAGE", `there is no section ${section}`, { advice: "./nocp config show lists all of them" });
  }
  if (options.json) {
    terminal.printJson(chosen.map(entryAsJson));
    return;
  }
  if (chosen.length === 0) {
    terminal.print("no setting differs from its default");
    return;
  }
  const rows = chosen.map((entry) => [entry.path, shownValue(entry), entry.origin]);
  const paintOf = (row: number) => (isChanged(chosen[row] as ConfigEntry) ? undefined : terminal.colors.dim);
  terminal.print(renderTable([{ title: "setting" }, { title: "value" }, { title: "from" }], rows, terminal, { paintOf }));
}

async function exportSettings(environment: Environment, options: ExportOptions): Promise<void> {
  const { terminal } = environment;
  const { entries } = await loadSettings(environment, options);
  const chosen = entries.filter((entry) => isExported(entry, options));
  if (options.json) {
    terminal.printJson(
      Object.fromEntries(chosen.filter(({ setting }) => !setting.secret).map((entry) => [entry.path, exportedValue(entry)])),
    );
  } else {
    const { text } = options.format === "yaml" ? configAsYaml(chosen) : configAsEnv(chosen);
    terminal.print(text.trimEnd());
  }
  const { secretsLeftOut } = configAsYaml(chosen);
  if (secretsLeftOut > 0)
    terminal.note(
      `${countOf(secretsLeftOut, "secret")} left out: set them in the environment or .env of the machine that loads this file`,
    );
}

/** Where nobody set NATS's address, `up` runs a server of its own: written down, even the default would change that. */
function isExported(entry: ConfigEntry, { changed }: ExportOptions): boolean {
  if (entry.path === "nats.url") return entry.origin !== "default";
  return !changed || isChanged(entry);
}

async function load(environment: Environment, file: string, options: LoadOptions): Promise<void> {
  const { terminal, root, dataFolder } = environment;
  const [before, after] = [await loadFileOrDefaults(environment), await loadFile(environment, file)];
  const differences = compareConfig(before.entries, after.entries);
  const replaced = options.dryRun
    ? undefined
    : replaceConfigFile(configFileOf(root), readFileSync(resolve(file), "utf8"), join(dataFolder, "config-backups"), Date.now());
  if (options.json) {
    terminal.printJson({ written: replaced !== undefined, backup: replaced?.backup ?? null, differences });
    return;
  }
  printDifferences(environment, differences, ["before", "after"]);
  if (!replaced) terminal.print("dry run: nothing was written");
  else terminal.print(`wrote ${configFileOf(root)}${replaced.backup ? `; the previous file is ${replaced.backup}` : ""}`);
}

/** A file that is in place but wrong is no reason to refuse a right one: the comparison is with the defaults then. */
async function loadFileOrDefaults(environment: Environment): Promise<Config> {
  const sections = await findSections(environment.root);
  try {
    return loadConfig(sections, { file: configFileOf(environment.root) });
  } catch {
    return loadConfig(sections);
  }
}

async function diff(environment: Environment, file: string, other: string | undefined, options: CommonOptions): Promise<void> {
  const left = await loadFile(environment, file);
  const right = other === undefined ? await loadSettings(environment, options) : await loadFile(environment, other);
  const differences = compareConfig(left.entries, right.entries);
  if (options.json) environment.terminal.printJson(differences);
  else printDifferences(environment, differences, [file, other ?? "in use"]);
}

function printDifferences(
  { terminal }: Environment,
  differences: readonly ConfigDifference[],
  titles: readonly [string, string],
): void {
  if (differences.length === 0) {
    terminal.print("no differences");
    return;
  }
  const rows = differences.map(({ path, before, after }) => [path, before, after]);
  terminal.print(renderTable([{ title: "setting" }, { title: titles[0] }, { title: titles[1] }], rows, terminal));
}
