// Finds what `./nocp up` or `docker compose up` runs on this machine: both write the address and the credentials of tenant
// `default` into a file.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";

export interface LocalDeployment {
  readonly natsUrl: string;
  readonly user: string;
  readonly password: string;
}

/** Of `./nocp up`, which removes its file when it ends, and of compose, which does not. */
const files = ["default.env", join("compose", "default.env")];

/** @param folder it, or one above it, has the folder `.nocp`. @returns `undefined` when nothing of ours runs there. */
export function findLocalDeployment(folder: string): LocalDeployment | undefined {
  for (const file of files) {
    const found = readAccess(join(folder, ".nocp", file));
    if (found) return found;
  }
  const above = dirname(folder);
  return above === folder ? undefined : findLocalDeployment(above);
}

function readAccess(file: string): LocalDeployment | undefined {
  try {
    const { NATS_URL, NATS_USER, NATS_PASSWORD } = parseEnv(readFileSync(file, "utf8"));
    return NATS_URL && NATS_USER && NATS_PASSWORD ? { natsUrl: NATS_URL, user: NATS_USER, password: NATS_PASSWORD } : undefined;
  } catch {
    // Not here.
    return undefined;
  }
}
