// Node, packages, disk, Docker, ports.
import { existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../deployment/free-port.ts";
import type { Machine } from "../setup/machine.ts";
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
        detail: `${version}, needs ${pinnedMajor}`,
        advice: "Run ./nocp instead of node: it brings its own",
      };
}

export function packagesFinding(root: string): Finding {
  return existsSync(join(root, "node_modules", ".nocp-stamp"))
    ? { what: "packages", state: "ok", detail: join(root, "node_modules") }
    : {
        what: "packages",
        state: "missing",
        detail: "node_modules is not in line with package-lock.json",
        advice: "Run ./nocp setup",
      };
}

export function diskFinding(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  const detail = `${(freeBytes / GiB).toFixed(1)} GiB free at ${folder}`;
  return freeBytes >= neededDiskBytes
    ? { what: "disk", state: "ok", detail }
    : { what: "disk", state: "wrong", detail, advice: "Free 1 GiB: JetStream stops taking messages on a full disk" };
}

export async function dockerFinding(machine: Machine): Promise<Finding> {
  const outcome = await machine.run("docker", ["version", "--format", "{{.Server.Version}}"], { timeoutMs: 5000 });
  return outcome.exitCode === 0 && outcome.stdout.trim() !== ""
    ? { what: "docker", state: "ok", detail: outcome.stdout.trim() }
    : { what: "docker", state: "optional", detail: "no daemon answers", advice: "Needed for docker compose up only" };
}

/** @param port the usual one of NATS. @param isOurs whether an `up` is running, or left something running, that uses it. */
export async function portFinding(port: number, isOurs: boolean): Promise<Finding> {
  const what = `port ${port}`;
  if ((await freePort(port)) === port) return { what, state: "ok", detail: "free" };
  if (isOurs) return { what, state: "ok", detail: "in use by ./nocp up" };
  return { what, state: "optional", detail: "in use by another program", advice: "./nocp up takes another port and names it" };
}
