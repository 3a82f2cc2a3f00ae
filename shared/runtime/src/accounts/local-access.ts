// .nocp/default.env: how this machine's own programs connect to what `./nocp up` runs, as tenant `default`.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Credential } from "./credentials.ts";
import { replaceSecretFile } from "./secret-file.ts";

export const localAccessFileOf = (dataFolder: string): string => join(dataFolder, "default.env");

/** The names are those that the `nats` command line reads. */
export const writeLocalAccess = (dataFolder: string, natsUrl: string, { user, password }: Credential): void =>
  replaceSecretFile(
    localAccessFileOf(dataFolder),
    [`NATS_URL=${natsUrl}`, `NATS_USER=${user}`, `NATS_PASSWORD=${password}`].join("\n"),
  );

export const removeLocalAccess = (dataFolder: string): void => rmSync(localAccessFileOf(dataFolder), { force: true });
