// The NATS server that docker-compose.yml runs: how to reach it as the administrator, and how to make it read its accounts.
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { readCredentials } from "@nocp/runtime/accounts/credentials.ts";
import type { Machine } from "../setup/machine.ts";
import type { TenantServer } from "./apply-tenants.ts";

/** As docker-compose.yml publishes it. */
const natsUrl = "nats://127.0.0.1:4222";

/** @param dataFolder of the project. @returns where the job `prepare` of compose keeps credentials. */
export const composeFolderOf = (dataFolder: string): string => join(dataFolder, "compose");

/** @returns the address with the administrator's user; `undefined` where compose never ran. */
export function composeAddress(dataFolder: string): string | undefined {
  const admin = readCredentials(composeFolderOf(dataFolder)).admin;
  return admin && natsUrl.replace("://", `://${admin.user}:${admin.password}@`);
}

/**
 * @param root the project's folder, with docker-compose.yml.
 * @returns `undefined` when compose runs no NATS.
 * @throws NocpError MISSING_DEPENDENCY when compose cannot be asked.
 */
export async function findComposeServer(machine: Machine, root: string): Promise<TenantServer | undefined> {
  const compose = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await machine.run("docker", ["compose", ...args], { folder: root });
    if (exitCode === 0) return stdout.trim();
    throw new NocpError("MISSING_DEPENDENCY", `docker compose ${args[0]}: ${stderr.trim().split("\n").at(-1)}`);
  };
  if ((await compose("ps", "--quiet", "nats")) === "") return undefined;
  return {
    natsUrl,
    reload: async () => void (await compose("kill", "-s", "HUP", "nats")),
    restart: async () => void (await compose("restart", "nats")),
  };
}
