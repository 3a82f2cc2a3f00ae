// Finds what `./nocp up` runs on this machine: it writes its address and the credentials of tenant `default` into a file.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";

export interface LocalDeployment {
  readonly natsUrl: string;
  readonly user: string;
  readonly password: string;
}

/** @param folder it, or one above it, has the folder `.nocp`. @returns `undefined` when nothing of ours runs there. */
export function findLocalDeployment(folder: string): LocalDeployment | undefined {
  try {
    const { NATS_URL, NATS_USER, NATS_PASSWORD } = parseEnv(readFileSync(join(folder, ".nocp", "default.env"), "utf8"));
    if (NATS_URL && NATS_USER && NATS_PASSWORD) return { natsUrl: NATS_URL, user: NATS_USER, password: NATS_PASSWORD };
  } catch {
    // Not here.
  }
  const above = dirname(folder);
  return above === folder ? undefined : findLocalDeployment(above);
}
