// All settings of the project, checked: what wrong ones say does not depend on which command meets them first.
import { type Config, loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Environment } from "../command.ts";
import type { SettingOptions } from "../options/shared-options.ts";
import { findSections } from "../reference/configuration.ts";
import { configSources } from "./config-sources.ts";

/** @throws NocpError INVALID_CONFIGURATION listing every problem, unknown settings among them. */
export const loadSettings = async (environment: Environment, options: SettingOptions): Promise<Config> =>
  loadConfig(await findSections(environment.root), { ...configSources(environment, options), complete: true });
