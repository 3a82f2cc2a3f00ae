// The process's own environment, for those that hand it on or read settings from it.
import { join } from "node:path";
import type { ConfigSources } from "./load-config.ts";

export const processEnvironment = (): Readonly<Record<string, string | undefined>> => process.env;

/** nocp.config.yaml and .env of the working folder, and the environment. */
export const processConfigSources = (): ConfigSources => ({
  file: process.env.NOCP_INTERNAL_CONFIG_FILE ?? join(process.cwd(), "nocp.config.yaml"),
  dotenv: join(process.cwd(), ".env"),
  environment: process.env,
});
