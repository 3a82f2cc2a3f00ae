// Alpine: fetches the package and unpacks it beside the project; an .apk is a gzipped tar.
import { findOnPath, type Machine } from "../../machine.ts";
import { withFetchFolder } from "../fetch-folder.ts";
import { keepBinary } from "../keep-binary.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

export const byApk: NatsServerSource = {
  name: "from the Alpine package",
  fetches: true,
  find: (machine) =>
    findOnPath("apk", machine.environment)
      ? withFetchFolder(machine.dataFolder, (folder) => fetchPackage(machine, folder))
      : Promise.resolve(undefined),
};

async function fetchPackage(machine: Machine, folder: string) {
  machine.report("apk fetch nats-server");
  if (machine.isRoot) await machine.run("apk", ["update", "--quiet"], { folder });
  const fetched = await machine.run("sh", ["-c", "apk fetch --quiet nats-server && tar -xzf ./nats-server-*.apk"], { folder });
  if (fetched.exitCode === 0) return keepBinary(folder, machine.dataFolder);
  machine.report(`apk: ${fetched.stderr.trim()}`);
  return undefined;
}
