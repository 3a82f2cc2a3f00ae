// The real pipeline with some replicas of llm-router before a model of a fixed latency: how much it does, and what that costs.
import { createClient } from "@nocp/client/create-client.ts";
import { type Stage, stages } from "@nocp/contracts/topology.ts";
import { createProcessorTime } from "../load/processor-time.ts";
import { askOnce } from "../load/queued-request.ts";
import { runLoad } from "../load/run-load.ts";
import { processorMsOf } from "../load/tree-time.ts";
import { startPipeline } from "../servers/start-pipeline.ts";
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
  const { deployment, stop } = await startPipeline(
    {
      NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
      NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "benchmark-model",
      NOCP_MESSAGING_CONCURRENCY: String(concurrency),
      NOCP_NATS_REPLICAS: String(broker?.replicas ?? 1),
    },
    {
      ...{ services: [...stages, "observability"], replicas: { "llm-router": routers }, syncAlways },
      ...(broker ? { nats: broker } : {}),
    },
  );
  try {
    const client = await createClient({ natsUrl: deployment.natsUrl });
    const answeredAtMs: number[] = [];
    const operation = async () => {
      await askOnce(client, request);
      answeredAtMs.push(performance.now());
    };
    const load = { warmUp: 0, concurrency: slots * inFlightPerSlot, operation };
    await runLoad({ ...load, requests: slots * Math.ceil(requestsPerSlot / 3) });
    answeredAtMs.length = 0;
    const processors = createProcessorTime(deployment.processes);
    const brokerIds = broker?.processIds ?? [deployment.nats?.pid ?? 0];
    const before = { broker: processorMsOf(brokerIds), beside: processorMsOf([process.pid, model.processId]) };
    await processors.begin();
    const requests = slots * requestsPerSlot;
    const { errors } = await runLoad({ ...load, requests });
    await processors.end(requests);
    const besideMs = (processorMsOf([process.pid, model.processId]) - before.beside) / requests;
    const brokerMs = (processorMsOf(brokerIds) - before.broker) / requests;
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
    await stop();
    model.stop();
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
