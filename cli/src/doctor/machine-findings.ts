// Programs and packages that NOCP needs, and the disk.
import { existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { coerceError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Machine } from "../setup/machine.ts";
import { findNatsServer, installAdvice, natsServerSources, syncHint } from "../setup/nats-server/find-nats-server.ts";
import { minimumVersion } from "../setup/nats-server/nats-server-version.ts";
import type { Finding } from "./finding.ts";

const GiB = 1024 ** 3;
/** Packages, a nats-server and some streams fit into this. */
const neededDiskBytes = 1 * GiB;
const pinnedMajor = 24;

export function nodeFinding(version: string): Finding {
  const major = Number(version.replace(/^v/, "").split(".")[0]);
  return major >= pinnedMajor
    ? { what: "node", state: "ok", detail: version }
    : {
        what: "node",
        state: "wrong",
        detail: `${version}; NOCP needs ${pinnedMajor}`,
        advice: "Run ./nocp, which uses its own Node",
      };
}

export function packagesFinding(root: string): Finding {
  return existsSync(join(root, "node_modules", ".nocp-stamp"))
    ? { what: "packages", state: "ok", detail: join(root, "node_modules") }
    : {
        what: "packages",
        state: "missing",
        detail: "node_modules does not match package-lock.json",
        advice: "Run ./nocp setup",
      };
}

export function diskFinding(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  const detail = `${(freeBytes / GiB).toFixed(1)} GiB free at ${folder}`;
  return freeBytes >= neededDiskBytes
    ? { what: "disk", state: "ok", detail }
    : { what: "disk", state: "wrong", detail, advice: "Free at least 1 GiB: JetStream refuses messages when the disk is full" };
}

export async function dockerFinding(machine: Machine): Promise<Finding> {
  const outcome = await machine.run("docker", ["version", "--format", "{{.Server.Version}}"], { timeoutMs: 5000 });
  return outcome.exitCode === 0 && outcome.stdout.trim() !== ""
    ? { what: "docker", state: "ok", detail: outcome.stdout.trim() }
    : { what: "docker", state: "optional", detail: "not running", advice: "Needed only for docker compose" };
}

/** Looks without downloading anything. @param isExternal whether a NATS server elsewhere is configured. */
export async function natsServerFinding(machine: Machine, isExternal: boolean): Promise<Finding> {
  const what = "nats-server";
  try {
    const found = await findNatsServer(
      machine,
      natsServerSources.filter(({ fetches }) => !fetches),
    );
    if (found) {
      const where = found.program.kind === "binary" ? found.program.path : found.program.image;
      const advice = isExternal ? undefined : syncHint(found);
      return { what, state: "ok", detail: `${found.version} ${found.origin}: ${where}`, ...(advice ? { advice } : {}) };
    }
  } catch (error) {
    return { what, state: "wrong", detail: coerceError(error).message, advice: "Correct NATS_SERVER_BIN, or unset it" };
  }
  if (isExternal) return { what, state: "optional", detail: "not installed, and not needed with an external NATS server" };
  const advice = `./nocp setup downloads it. Or: ${installAdvice(machine.platform)}`;
  return { what, state: "missing", detail: `${minimumVersion} or newer is not installed`, advice };
}
