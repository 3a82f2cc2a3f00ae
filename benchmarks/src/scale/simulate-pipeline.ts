// The four stages, their streams and the machines below them, as a queueing network with measured costs.
import { type Stage, stages } from "@nocp/contracts/topology.ts";
import { type Distribution, distributionOf } from "../load/percentiles.ts";
import { createRandom, type Random } from "../workloads/random.ts";
import { createSimulation, createStation, type Simulation, type Station } from "./simulation.ts";

export const ofEachStage = <T>(valueFor: (stage: Stage) => T): Record<Stage, T> =>
  Object.fromEntries(stages.map((stage) => [stage, valueFor(stage)])) as Record<Stage, T>;

/** What a request costs, as measured. All times in milliseconds. */
export interface PipelineCosts {
  /** Processor time of a stage for a request. */
  readonly stageMs: Readonly<Record<Stage, number>>;
  /** Processor time of all that is no stage: observability, and on one machine the load's source and the model's server. */
  readonly besideMs: number;
  /** Processor time of the broker for a message that it stores and hands out. */
  readonly brokerMs: number;
  /** A stream stores its messages one after the other; with a synced disk this is mostly the disk. */
  readonly storeMs: number;
  /** A slot stands empty so long between two messages: the answer of the broker, and the way there and back. */
  readonly handoverMs: number;
}

export interface PipelineShape {
  readonly replicas: Readonly<Record<Stage, number>>;
  /** Slots of each replica. */
  readonly concurrency: number;
  /** Cores that all processes share; absent: each replica has one of its own, and the broker `brokerCores`. */
  readonly sharedCores?: number;
  readonly brokerCores: number;
  /** Streams of each stage: messages are stored beside each other in as many. */
  readonly partitions: number;
  /** Stores that a message waits for after the first: for a quorum, or another region. They do not hold up the next message. */
  readonly quorumMs: number;
}

/** How long a model takes: log-normal, as latencies of vendors are; a spread of 0 is a constant. */
export interface UpstreamLatency {
  readonly medianMs: number;
  /** Standard deviation of the logarithm. */
  readonly spread: number;
}

export interface SimulatedLoad {
  /** Requests that are always in flight. */
  readonly inFlight?: number;
  /** Or requests that come by themselves, independently of each other. */
  readonly ratePerSecond?: number;
  /** Finished requests that are looked at, after a warm-up of a quarter of them. */
  readonly requests: number;
}

export interface SimulatedOutcome {
  readonly requestsPerSecond: number;
  /** From acceptance to result. */
  readonly latencyMs: Distribution;
  /** Share of the time that they were taken: slots of stages, processors, and streams. */
  readonly utilization: Readonly<Record<string, number>>;
}

/** In [0, 1). */
const uniform = (random: Random): number => random.integer(0, 2 ** 32 - 1) / 2 ** 32;
/** Of a standard normal distribution, by Box and Muller. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));

/** @param seed the same one makes the same run. */
export function simulatePipeline(
  costs: PipelineCosts,
  shape: PipelineShape,
  upstream: UpstreamLatency,
  load: SimulatedLoad,
  seed = "scale",
): SimulatedOutcome {
  const random = createRandom(seed);
  const simulation = createSimulation();
  const places = createPlaces(costs, shape, simulation);
  const warmUp = Math.ceil(load.requests / 4);
  const latencies: number[] = [];
  let finished = 0;
  let measuredFromMs = 0;
  let endedAtMs = 0;
  const upstreamMs = () => upstream.medianMs * Math.exp(upstream.spread * normal(random));

  const finish = (acceptedAt: number) => {
    finished += 1;
    if (finished === warmUp) measuredFromMs = simulation.now;
    if (finished > warmUp && latencies.length < load.requests) {
      latencies.push(simulation.now - acceptedAt);
      endedAtMs = simulation.now;
    }
    if (load.inFlight !== undefined && latencies.length < load.requests) submit();
  };
  const runStage = (at: number, acceptedAt: number) => {
    const stage = stages[at];
    if (stage === undefined) return finish(acceptedAt);
    const { slots, processor } = places.stages[stage];
    const next = () => places.store(stages[at + 1] ?? "results", () => runStage(at + 1, acceptedAt));
    slots.enter((leave) =>
      simulation.after(costs.handoverMs, () =>
        processor.serve(costs.stageMs[stage], () => {
          const waitMs = stage === "llm-router" ? upstreamMs() : 0;
          simulation.after(waitMs, () => {
            leave();
            next();
          });
        }),
      ),
    );
  };
  const submit = () => {
    const acceptedAt = simulation.now;
    places.beside(costs.besideMs);
    places.store(stages[0] ?? "results", () => runStage(0, acceptedAt));
  };
  const arrive = (ratePerSecond: number) => {
    if (latencies.length >= load.requests) return;
    submit();
    simulation.after((-Math.log(1 - uniform(random)) * 1000) / ratePerSecond, () => arrive(ratePerSecond));
  };
  if (load.ratePerSecond === undefined) for (let number = 0; number < (load.inFlight ?? 1); number++) submit();
  else arrive(load.ratePerSecond);
  simulation.runUntil(Number.POSITIVE_INFINITY);
  return {
    requestsPerSecond: (latencies.length * 1000) / (endedAtMs - measuredFromMs),
    latencyMs: distributionOf(latencies),
    utilization: places.utilization(simulation.now),
  };
}

interface Places {
  readonly stages: Readonly<Record<Stage, { readonly slots: Station; readonly processor: Station }>>;
  /** One message into a stream. */
  store(stream: Stage | "results", then: () => void): void;
  /** Processor time that no request waits for. */
  beside(workMs: number): void;
  /** @param untilMs since the simulation began. */
  utilization(untilMs: number): Record<string, number>;
}

function createPlaces(costs: PipelineCosts, shape: PipelineShape, simulation: Simulation): Places {
  const { replicas, concurrency, sharedCores, brokerCores, partitions, quorumMs } = shape;
  const counted = new Map<string, { readonly station: Station; readonly servers: number }>();
  const station = (name: string, servers: number): Station => {
    const made = createStation(simulation, servers);
    counted.set(name, { station: made, servers });
    return made;
  };
  const shared = sharedCores === undefined ? undefined : station("processors", sharedCores);
  const broker = shared ?? station("processors of the broker", brokerCores);
  const placeOf = (stage: Stage) => ({
    slots: station(`slots of ${stage}`, replicas[stage] * concurrency),
    processor: shared ?? station(`processors of ${stage}`, replicas[stage]),
  });
  const streams = Object.fromEntries(
    [...stages, "results" as const].map((name) => [name, station(`stream of ${name}`, partitions)]),
  ) as Record<Stage | "results", Station>;
  return {
    stages: ofEachStage(placeOf),
    store: (stream, then) =>
      broker.serve(costs.brokerMs, () => streams[stream].serve(costs.storeMs, () => simulation.after(quorumMs, then))),
    beside: (workMs) => shared?.serve(workMs, () => undefined),
    utilization: (untilMs) =>
      Object.fromEntries([...counted].map(([name, { station: one, servers }]) => [name, one.busyMs() / (servers * untilMs)])),
  };
}
