// All settings of the project, checked: what wrong ones say does not depend on which command meets them first.
import { type Config, loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { CommonOptions, Surroundings } from "../command.ts";
import { findSections } from "../reference/configuration.ts";
import { configSources } from "./config-sources.ts";

/** @throws NocpError INVALID_CONFIGURATION listing every problem, unknown settings among them. */
export const loadSettings = async (surroundings: Surroundings, options: CommonOptions): Promise<Config> =>
  loadConfig(await findSections(surroundings.root), { ...configSources(surroundings, options), complete: true });
