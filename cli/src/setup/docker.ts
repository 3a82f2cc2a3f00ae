// Whether a Docker engine and its compose command can be used.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Machine } from "./machine.ts";

/** @throws NocpError MISSING_DEPENDENCY when no engine answers, or there is no `docker compose`. */
export async function requireDocker(machine: Pick<Machine, "run">): Promise<void> {
  const engine = await machine.run("docker", ["version", "--format", "{{.Server.Version}}"], { timeoutMs: 15_000 });
  if (engine.exitCode !== 0) {
    throw new NocpError("MISSING_DEPENDENCY", `no Docker engine answers: ${lastLine(engine.stderr)}`, {
      advice: "Install and start Docker, or set DOCKER_HOST to a running engine",
    });
  }
  const compose = await machine.run("docker", ["compose", "version"], { timeoutMs: 15_000 });
  if (compose.exitCode !== 0) {
    throw new NocpError("MISSING_DEPENDENCY", `there is no docker compose: ${lastLine(compose.stderr)}`, {
      advice: "Install Docker's compose plugin, version 2 or newer",
    });
  }
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
