// All services as processes on a NATS of their own, for a measurement.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Deployment, startDeployment } from "@nocp/cli/deployment/start-deployment.ts";
import type { ServiceName } from "@nocp/contracts/topology.ts";
import { processEnvironment } from "@nocp/runtime/config/process-environment.ts";

export interface Pipeline {
  readonly deployment: Deployment;
  stop(): Promise<void>;
}

export const projectRoot = join(import.meta.dirname, "../../..");

/**
 * @param environment settings for the services, over the process's own.
 * @param services all when absent; none for a NATS alone.
 */
export async function startPipeline(
  environment: Readonly<Record<string, string>>,
  services?: readonly ServiceName[],
): Promise<Pipeline> {
  const dataFolder = await mkdtemp(join(tmpdir(), "nocp-benchmark-"));
  const inherited = processEnvironment();
  const program = inherited.NATS_SERVER_BIN ?? "nats-server";
  const deployment = await startDeployment({
    nats: { program: { kind: "binary", path: program } },
    ...(services ? { services } : {}),
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
