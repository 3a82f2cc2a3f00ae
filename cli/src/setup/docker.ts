// Whether a Docker engine can be used.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Machine } from "./machine.ts";

/** @throws NocpError MISSING_DEPENDENCY when no engine answers. */
export async function requireDocker(machine: Pick<Machine, "run">): Promise<void> {
  const { exitCode, stderr } = await machine.run("docker", ["version", "--format", "{{.Server.Version}}"], { timeoutMs: 15_000 });
  if (exitCode === 0) return;
  throw new NocpError(
    "MISSING_DEPENDENCY",
    `no Docker engine answers: ${stderr.trim().split("\n").at(-1) ?? "no reason given"}`,
    {
      advice: "Install and start Docker, or set DOCKER_HOST to a running engine",
    },
  );
}
