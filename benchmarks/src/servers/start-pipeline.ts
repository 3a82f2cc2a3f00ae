// All services as processes on a NATS of their own, for a measurement.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Deployment, startDeployment } from "@nocp/cli/deployment/start-deployment.ts";
import { parseVersion } from "@nocp/cli/setup/nats-server/nats-server-version.ts";
import type { ServiceName } from "@nocp/contracts/topology.ts";
import { processEnvironment } from "@nocp/runtime/config/process-environment.ts";
import { isAtLeast, oldestSyncingVersion } from "@nocp/runtime/transport/server-capabilities.ts";

export interface Pipeline {
  readonly deployment: Deployment;
  stop(): Promise<void>;
}

export const projectRoot = join(import.meta.dirname, "../../..");

const natsServerProgram = (): string => processEnvironment().NATS_SERVER_BIN ?? "nats-server";

/** Whether the nats-server that pipelines run on knows `sync_interval: always`. */
export function canSync(): boolean {
  const text = execFileSync(natsServerProgram(), ["--version"], { encoding: "utf8" });
  return isAtLeast(parseVersion(text) ?? "0", oldestSyncingVersion);
}

/**
 * @param environment settings for the services, over the process's own.
 * @param services all when absent; none for a NATS alone.
 * @param syncAlways whether NATS writes every message to the disk before it acknowledges it; see `canSync`.
 * @param chain whether the stages run in one process.
 */
export async function startPipeline(
  environment: Readonly<Record<string, string>>,
  services?: readonly ServiceName[],
  syncAlways = false,
  chain = false,
): Promise<Pipeline> {
  const dataFolder = await mkdtemp(join(tmpdir(), "nocp-benchmark-"));
  const inherited = processEnvironment();
  const program = natsServerProgram();
  const deployment = await startDeployment({
    nats: { program: { kind: "binary", path: program }, syncAlways },
    ...(services ? { services } : {}),
    chain,
    root: projectRoot,
    dataFolder,
    environment: {
      ...inherited,
      NODE_COMPILE_CACHE: join(projectRoot, ".nocp/compile-cache"),
      NOCP_OBSERVABILITY_DATABASE_FILE: join(dataFolder, "transactions.sqlite"),
      NOCP_LOG_LEVEL: "warn",
      ...environment,
    },
    onLine: (name, line) => process.stderr.write(`${name}: ${line}\n`),
  });
  await deployment.ready;
  return {
    deployment,
    stop: async () => {
      await deployment.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
