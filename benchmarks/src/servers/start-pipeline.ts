// All services as processes on a NATS of their own, for a measurement.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Deployment, type DeploymentOptions, startDeployment } from "@nocp/cli/deployment/start-deployment.ts";
import { parseVersion } from "@nocp/cli/setup/nats-server/nats-server-version.ts";
import type { ServiceName } from "@nocp/contracts/topology.ts";
import { processEnvironment } from "@nocp/runtime/config/process-environment.ts";
import { isAtLeast, oldestSyncingVersion } from "@nocp/runtime/transport/server-capabilities.ts";
import { endOnSignal } from "./end-on-signal.ts";

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

export interface PipelineOptions {
  /** All when absent; none for a NATS alone. */
  readonly services?: readonly ServiceName[];
  /** Processes a service; 1 where nothing is said. */
  readonly replicas?: DeploymentOptions["replicas"];
  /** Whether the stages run in one process. */
  readonly chain?: boolean;
  /** Whether NATS writes every message to the disk before it acknowledges it; see `canSync`. */
  readonly syncAlways?: boolean;
  /** A NATS that runs already; one of its own where it is absent. */
  readonly nats?: { readonly url: string };
  /** Is aborted when the process is told to end, and whoever passes it stops the pipeline then; without it, it stops by itself. */
  readonly interruption?: AbortSignal;
}

/** @param environment settings for the services, over the process's own. */
export async function startPipeline(
  environment: Readonly<Record<string, string>>,
  { services, replicas, chain = false, syncAlways = false, nats, interruption }: PipelineOptions = {},
): Promise<Pipeline> {
  const dataFolder = await mkdtemp(join(tmpdir(), "nocp-benchmark-"));
  const deployment = await startDeployment({
    nats: nats ?? { program: { kind: "binary", path: natsServerProgram() }, syncAlways },
    ...(services ? { services } : {}),
    ...(replicas ? { replicas } : {}),
    chain,
    root: projectRoot,
    dataFolder,
    environment: {
      ...processEnvironment(),
      NODE_COMPILE_CACHE: join(projectRoot, ".nocp/compile-cache"),
      NOCP_OBSERVABILITY_DATABASE_FILE: join(dataFolder, "transactions.sqlite"),
      NOCP_LOG_LEVEL: "warn",
      ...environment,
    },
    onLine: (name, line) => process.stderr.write(`${name}: ${line}\n`),
  });
  const end = async (): Promise<void> => {
    await deployment.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
  const leaveSignals = interruption ? () => {} : endOnSignal(end);
  const stop = async (): Promise<void> => {
    leaveSignals();
    await end();
  };
  try {
    await deployment.ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return { deployment, stop };
}
