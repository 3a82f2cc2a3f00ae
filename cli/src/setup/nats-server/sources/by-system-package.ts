// Alpine, Fedora and Arch: downloads the package and unpacks it beside the project. Installs nothing.
import { findOnPath } from "../../machine.ts";
import { keepBinary, withFetchFolder } from "../fetched-package.ts";
import type { NatsServerSource } from "../nats-server-source.ts";

interface PackageManager {
  readonly distribution: string;
  /** The package manager, then whatever else must be on PATH. */
  readonly programs: readonly [string, ...string[]];
  /** Whether it downloads only for root. */
  readonly needsRoot?: boolean;
  /** Run before by root, who may update the package lists. */
  readonly update?: readonly string[];
  /** Downloads and unpacks into the working directory. */
  readonly fetch: string;
}

const bySystemPackage = ({ distribution, programs, needsRoot, update, fetch }: PackageManager): NatsServerSource => ({
  name: `from the ${distribution} package`,
  fetches: true,
  find: async (machine) => {
    if (needsRoot && !machine.isRoot) return undefined;
    if (!programs.every((program) => findOnPath(program, machine.environment))) return undefined;
    return withFetchFolder(machine.dataFolder, async (folder) => {
      machine.report(fetch);
      if (update && machine.isRoot) await machine.run(programs[0], update, { folder });
      const fetched = await machine.run("sh", ["-c", fetch], { folder, timeoutMs: 300_000 });
      if (fetched.exitCode === 0) return keepBinary(folder, machine.dataFolder);
      machine.report(`${programs[0]}: ${fetched.stderr.trim()}`);
      return undefined;
    });
  },
});

/** An .apk is a gzipped tar. */
export const byApk = bySystemPackage({
  distribution: "Alpine",
  programs: ["apk"],
  update: ["update", "--quiet"],
  fetch: "apk fetch --quiet nats-server && tar -xzf ./nats-server-*.apk",
});

export const byDnf = bySystemPackage({
  distribution: "Fedora",
  programs: ["dnf", "rpm2cpio", "cpio"],
  fetch: "dnf -q download nats-server && rpm2cpio ./nats-server-*.rpm | cpio -idm --quiet",
});

export const byPacman = bySystemPackage({
  distribution: "Arch",
  programs: ["pacman"],
  needsRoot: true,
  fetch: "pacman -Sywdd --noconfirm --cachedir . nats-server && bsdtar -xf ./nats-server-*.pkg.tar.zst",
});
