// Debian and Ubuntu: downloads the package and unpacks it beside the project. Needs no root and installs nothing.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findOnPath, type Machine } from "../../machine.ts";
import { keepBinary, withFetchFolder } from "../fetched-package.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

export const byApt: NatsServerSource = {
  name: "from the Debian package",
  fetches: true,
  find: (machine) =>
    findOnPath("apt-get", machine.environment) && findOnPath("dpkg-deb", machine.environment)
      ? withFetchFolder(machine.dataFolder, (folder) => fetchPackage(machine, folder))
      : Promise.resolve(undefined),
};

async function fetchPackage(machine: Machine, folder: string) {
  const downloaded = (await download(machine, folder, [])) || (await downloadWithFreshLists(machine, folder));
  if (!downloaded) return undefined;
  const unpacked = await machine.run("sh", ["-c", "dpkg-deb -x ./nats-server_*.deb unpacked"], { folder });
  if (unpacked.exitCode === 0) return keepBinary(join(folder, "unpacked"), machine.dataFolder);
  machine.report(`dpkg-deb: ${unpacked.stderr.trim()}`);
  return undefined;
}

async function download(machine: Machine, folder: string, options: readonly string[]): Promise<boolean> {
  machine.report("apt-get download nats-server");
  const outcome = await machine.run("apt-get", [...options, "download", "-q", "nats-server"], { folder });
  if (outcome.exitCode !== 0) machine.report(`apt-get: ${outcome.stderr.trim()}`);
  return outcome.exitCode === 0;
}

/** Package lists are missing on fresh machines. Who is not root keeps lists of their own. */
async function downloadWithFreshLists(machine: Machine, folder: string): Promise<boolean> {
  const options = machine.isRoot ? [] : privateLists(folder);
  machine.report(machine.isRoot ? "apt-get update" : "apt-get update, into private package lists");
  const outcome = await machine.run("apt-get", [...options, "update", "-q"], { folder, timeoutMs: 300_000 });
  if (outcome.exitCode !== 0) machine.report(`apt-get: ${outcome.stderr.trim()}`);
  return outcome.exitCode === 0 && download(machine, folder, options);
}

function privateLists(folder: string): string[] {
  const [lists, cache] = [join(folder, "lists"), join(folder, "cache")];
  mkdirSync(join(lists, "partial"), { recursive: true });
  mkdirSync(join(cache, "archives", "partial"), { recursive: true });
  return ["-o", `Dir::State::lists=${lists}`, "-o", `Dir::Cache=${cache}`];
}
