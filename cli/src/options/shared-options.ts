// Options that several commands have. They are declared last, so that --help lists a command's own options first.
import { type Command, InvalidArgumentError, type OptionValues } from "@commander-js/extra-typings";

export interface SettingOptions {
  readonly verbose?: boolean | undefined;
  /** By path, e.g. `act.concurrency`. */
  readonly set?: Readonly<Record<string, string>> | undefined;
}

export interface CommonOptions extends SettingOptions {
  readonly json?: boolean | undefined;
}

export interface ClientCommandOptions extends CommonOptions {
  readonly natsUrl?: string | undefined;
}

/** --verbose and --set. */
export const withSettingOptions = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  command
    .optionsGroup("Common options:")
    .option("-v, --verbose", "print more, and the stack trace of an error")
    .option("--set <section.name=value>", "override a setting; can be repeated", collectSetting);

/** What every command has. */
export const withCommonOptions = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  withSettingOptions(command.optionsGroup("Common options:").option("--json", "print only JSON on stdout; errors are JSON, too"));

/** What every command has that connects to NATS. */
export const withClientOptions = <Args extends unknown[], Options extends OptionValues>(command: Command<Args, Options>) =>
  withCommonOptions(command.option("--nats-url <url>", "NATS server to use (default: the one that ./nocp up runs)"));

function collectSetting(text: string, collected: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write section.name=value.");
  return { ...collected, [text.slice(0, at)]: text.slice(at + 1) };
}
