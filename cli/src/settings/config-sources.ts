// Where the command line reads settings from.
import { join } from "node:path";
import { environmentName } from "@nocp/contracts/settings/setting.ts";
import type { ConfigSources } from "@nocp/runtime/config/load-config.ts";
import type { Environment } from "../command.ts";
import type { SettingOptions } from "../options/shared-options.ts";

export const configFileOf = (root: string): string => join(root, "nocp.config.yaml");

export const configSources = ({ root, variables }: Environment, options: SettingOptions): ConfigSources => ({
  file: configFileOf(root),
  dotenv: join(root, ".env"),
  environment: variables,
  flags: options.set ?? {},
});

/** Flags as the environment of the services: `act.concurrency=8` → `NOCP_ACT_CONCURRENCY=8`. */
export const flagsAsEnvironment = (flags: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(flags).map(([path, text]) => {
      const at = path.lastIndexOf(".");
      return [environmentName(path.slice(0, at), path.slice(at + 1)), text];
    }),
  );
