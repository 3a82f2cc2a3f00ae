// Fedora and relatives: downloads the package and unpacks it beside the project.
import { findOnPath, type Machine } from "../../machine.ts";
import { withFetchFolder } from "../fetch-folder.ts";
import { keepBinary } from "../keep-binary.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

export const byDnf: NatsServerSource = {
  name: "from the Fedora package",
  fetches: true,
  find: (machine) =>
    ["dnf", "rpm2cpio", "cpio"].every((program) => findOnPath(program, machine.environment))
      ? withFetchFolder(machine.dataFolder, (folder) => fetchPackage(machine, folder))
      : Promise.resolve(undefined),
};

async function fetchPackage(machine: Machine, folder: string) {
  machine.report("dnf download nats-server");
  const command = "dnf -q download nats-server && rpm2cpio ./nats-server-*.rpm | cpio -idm --quiet";
  const fetched = await machine.run("sh", ["-c", command], { folder, timeoutMs: 300_000 });
  if (fetched.exitCode === 0) return keepBinary(folder, machine.dataFolder);
  machine.report(`dnf: ${fetched.stderr.trim()}`);
  return undefined;
}
