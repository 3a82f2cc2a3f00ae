// Arch: pacman downloads for root only; the package is unpacked beside the project, not installed.
import { findOnPath, type Machine } from "../../machine.ts";
import { withFetchFolder } from "../fetch-folder.ts";
import { keepBinary } from "../keep-binary.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

export const byPacman: NatsServerSource = {
  name: "from the Arch package",
  fetches: true,
  find: (machine) =>
    machine.isRoot && findOnPath("pacman", machine.environment)
      ? withFetchFolder(machine.dataFolder, (folder) => fetchPackage(machine, folder))
      : Promise.resolve(undefined),
};

async function fetchPackage(machine: Machine, folder: string) {
  machine.report("pacman -Sw nats-server");
  const command = "pacman -Sywdd --noconfirm --cachedir . nats-server && bsdtar -xf ./nats-server-*.pkg.tar.zst";
  const fetched = await machine.run("sh", ["-c", command], { folder, timeoutMs: 300_000 });
  if (fetched.exitCode === 0) return keepBinary(folder, machine.dataFolder);
  machine.report(`pacman: ${fetched.stderr.trim()}`);
  return undefined;
}
