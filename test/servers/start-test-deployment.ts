// All services as processes on a nats-server of their own, in a folder that is deleted afterwards.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Deployment, type DeploymentOptions, startDeployment } from "@nocp/cli/deployment/start-deployment.ts";
import { childEnvironment } from "../fixtures/child-environment.ts";

export const projectRoot = join(import.meta.dirname, "../..");
const ownBinary = join(projectRoot, ".nocp/bin/nats-server");

/** The server of NATS_SERVER_BIN, the project's own copy, or the one on PATH. */
export const natsServerProgram = (): string => process.env.NATS_SERVER_BIN ?? (existsSync(ownBinary) ? ownBinary : "nats-server");

export interface TestDeployment extends Deployment {
  readonly folder: string;
  /** What the processes printed, by name. */
  readonly output: ReadonlyMap<string, string[]>;
  end(): Promise<void>;
}

/** @param environment over the process's own. */
export async function startTestDeployment(
  environment: Readonly<Record<string, string | undefined>> = {},
  options: Partial<DeploymentOptions> = {},
): Promise<TestDeployment> {
  const folder = await mkdtemp(join(tmpdir(), "nocp-e2e-"));
  const output = new Map<string, string[]>();
  const deployment = await startDeployment({
    nats: { program: { kind: "binary", path: natsServerProgram() } },
    root: projectRoot,
    dataFolder: folder,
    environment: {
      ...childEnvironment,
      NOCP_OBSERVABILITY_DATABASE_FILE: join(folder, "transactions.sqlite"),
      ...environment,
    },
    onLine: (name, line) => {
      const lines = output.get(name) ?? [];
      lines.push(line);
      output.set(name, lines);
    },
    ...options,
  });
  try {
    await deployment.ready;
  } catch (error) {
    await deployment.stop();
    throw error;
  }
  return {
    ...deployment,
    folder,
    output,
    end: async () => {
      await deployment.stop();
      const violations = await violationsIn(join(folder, "nats", "nats.log"));
      await rm(folder, { recursive: true, force: true });
      if (violations.length > 0) throw new Error(`a service may not do what it needs to: ${violations.join("\n")}`);
    },
  };
}

/** What the server refused to users. A deployment on another server has no such log. */
async function violationsIn(logFile: string): Promise<string[]> {
  const log = existsSync(logFile) ? await readFile(logFile, "utf8") : "";
  return log.split("\n").filter((line) => line.includes("Violation"));
}
