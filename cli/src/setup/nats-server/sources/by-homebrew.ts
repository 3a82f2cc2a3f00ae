// macOS, and Linux with Homebrew: installs the formula, which needs no root.
import { join } from "node:path";
import { findOnPath, isExecutable } from "../../machine.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

export const byHomebrew: NatsServerSource = {
  name: "from Homebrew",
  fetches: true,
  find: async (machine) => {
    const brew = findOnPath("brew", machine.environment);
    if (!brew) return undefined;
    machine.report("brew install nats-server");
    const installed = await machine.run(brew, ["install", "--quiet", "nats-server"], {
      environment: { HOMEBREW_NO_ENV_HINTS: "1" },
      timeoutMs: 600_000,
    });
    if (installed.exitCode !== 0) machine.report(`brew: ${installed.stderr.trim()}`);
    const prefix = (await machine.run(brew, ["--prefix", "nats-server"])).stdout.trim();
    const path = join(prefix, "bin", "nats-server");
    return prefix !== "" && isExecutable(path) ? { kind: "binary", path } : undefined;
  },
};
