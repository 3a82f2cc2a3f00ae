// The real pipeline with some replicas of llm-router before a model of a fixed latency: how much it does, and what that costs.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDeployment } from "@nocp/cli/deployment/start-deployment.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { type Stage, stages } from "@nocp/contracts/topology.ts";
import { processEnvironment } from "@nocp/runtime/config/process-environment.ts";
import { createProcessorTime } from "../load/processor-time.ts";
import { runLoad } from "../load/run-load.ts";
import { projectRoot } from "../servers/start-pipeline.ts";
import { startSmallServer } from "../servers/start-server.ts";
import { ofEachStage } from "./simulate-pipeline.ts";

export interface ReplicaRun {
  /** Replicas of llm-router; one of every other service. */
  readonly routers: number;
  /** Slots of each. */
  readonly concurrency: number;
  readonly upstreamMs: number;
  /** Requests in flight for each slot of llm-router. */
  readonly inFlightPerSlot: number;
  /** Requests for each slot that are measured. */
  readonly requestsPerSlot: number;
  readonly syncAlways: boolean;
  /** A broker that runs already, e.g. a cluster; one of its own where it is absent. */
  readonly broker?: { readonly url: string; readonly replicas: number; readonly processIds: readonly number[] };
}

export interface ReplicaMeasurement {
  readonly requestsPerSecond: number;
  /** Processor time for a request. */
  readonly stageMs: Readonly<Record<Stage, number>>;
  readonly observabilityMs: number;
  readonly brokerMs: number;
  /** Of the load's own process, and of the model's server. */
  readonly besideMs: number;
}

/** Measured between these shares of all answers: the queue fills before, and slots run empty after. */
const fromShare = 0.15;
const toShare = 0.85;

export async function measureReplicas(run: ReplicaRun): Promise<ReplicaMeasurement> {
  const { routers, concurrency, inFlightPerSlot, requestsPerSlot, syncAlways, broker } = run;
  const slots = routers * concurrency;
  const model = await startSmallServer("model-server", [String(run.upstreamMs)]);
  const dataFolder = await mkdtemp(join(tmpdir(), "nocp-scale-"));
  const inherited = processEnvironment();
  const deployment = await startDeployment({
    nats: broker ?? { program: { kind: "binary", path: inherited.NATS_SERVER_BIN ?? "nats-server" }, syncAlways },
    services: [...stages, "observability"],
    replicas: { "llm-router": routers },
    root: projectRoot,
    dataFolder,
    environment: {
      ...inherited,
      NODE_COMPILE_CACHE: join(projectRoot, ".nocp/compile-cache"),
      NOCP_OBSERVABILITY_DATABASE_FILE: join(dataFolder, "transactions.sqlite"),
      NOCP_LOG_LEVEL: "warn",
      NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
      NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "benchmark-model",
      NOCP_MESSAGING_CONCURRENCY: String(concurrency),
      NOCP_NATS_REPLICAS: String(broker?.replicas ?? 1),
    },
    onLine: (name, line) => process.stderr.write(`${name}: ${line}\n`),
  });
  try {
    await deployment.ready;
    const client = await createClient({ natsUrl: deployment.natsUrl });
    const answeredAtMs: number[] = [];
    const operation = async () => {
      const result = await client.ask(request, { timeoutMs: 60_000 });
      if (result.status === "failed") throw new Error(result.error?.code ?? "failed");
      answeredAtMs.push(performance.now());
    };
    const load = { warmUp: 0, concurrency: slots * inFlightPerSlot, operation };
    await runLoad({ ...load, requests: slots * Math.ceil(requestsPerSlot / 3) });
    answeredAtMs.length = 0;
    const processors = createProcessorTime(deployment.processes);
    const brokerIds = broker?.processIds ?? [deployment.nats?.pid ?? 0];
    const before = { broker: processorMs(brokerIds), beside: processorMs([process.pid, model.processId]) };
    await processors.begin();
    const requests = slots * requestsPerSlot;
    const { errors } = await runLoad({ ...load, requests });
    await processors.end(requests);
    const besideMs = (processorMs([process.pid, model.processId]) - before.beside) / requests;
    const brokerMs = (processorMs(brokerIds) - before.broker) / requests;
    await client.close();
    if (Object.keys(errors).length > 0) throw new Error(`requests failed: ${JSON.stringify(errors)}`);
    const perRequest = processors.perRequestMs();
    return {
      requestsPerSecond: steadyRate(answeredAtMs),
      stageMs: ofEachStage((stage) => perRequest[stage] ?? 0),
      observabilityMs: perRequest.observability ?? 0,
      brokerMs,
      besideMs,
    };
  } finally {
    await deployment.stop();
    model.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

const request = {
  query: "What is the launch code?",
  documents: [{ title: "Notes", text: "The launch code is 4711." }],
  routing: { provider: "openai-compatible" },
};

function steadyRate(answeredAtMs: readonly number[]): number {
  const from = Math.floor(answeredAtMs.length * fromShare);
  const to = Math.floor(answeredAtMs.length * toShare);
  return ((to - from) * 1000) / ((answeredAtMs[to] ?? 0) - (answeredAtMs[from] ?? 0));
}

/** Linux counts it in hundredths of a second: fields 14 and 15 of /proc/<pid>/stat. */
const tickMs = 10;

/** Processor time of processes since they started; 0 where the system has no /proc. */
function processorMs(processIds: readonly number[]): number {
  return processIds.reduce((sum, id) => {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return sum + (Number(fields[11]) + Number(fields[12])) * tickMs;
    } catch {
      return sum;
    }
  }, 0);
}
