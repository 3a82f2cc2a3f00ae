// The official image, where a Docker daemon answers.
import { findOnPath } from "../../machine.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

const image = "nats:2.15.3-alpine";

export const inDocker: NatsServerSource = {
  name: "in Docker",
  fetches: true,
  find: async (machine) => {
    if (!findOnPath("docker", machine.environment)) return undefined;
    const present = await machine.run("docker", ["image", "inspect", "--format", "{{.Id}}", image], { timeoutMs: 15_000 });
    if (present.exitCode === 0) return { kind: "docker", image };
    machine.report(`docker pull ${image}`);
    const pulled = await machine.run("docker", ["pull", "--quiet", image], { timeoutMs: 300_000 });
    if (pulled.exitCode === 0) return { kind: "docker", image };
    machine.report(`docker: ${pulled.stderr.trim().split("\n").at(-1)}`);
    return undefined;
  },
};
