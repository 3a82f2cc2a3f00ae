// What a rate of requests takes: replicas, streams, brokers and dollars, from the measured costs.
import { type Stage, stages } from "@nocp/contracts/topology.ts";
import { ofEachStage, type PipelineCosts, type UpstreamLatency } from "./simulate-pipeline.ts";

export interface PlanPrices {
  /** For a core for an hour. */
  readonly coreHourUsd: number;
  readonly gibHourUsd: number;
  /** For a gibibyte of fast disk for a month. */
  readonly diskGibMonthUsd: number;
}

/** List prices of general-purpose machines and network disks at the large clouds, rounded. */
export const usualPrices: PlanPrices = { coreHourUsd: 0.04, gibHourUsd: 0.005, diskGibMonthUsd: 0.12 };

export interface PlanWishes {
  readonly ratePerSecond: number;
  readonly upstream: UpstreamLatency;
  /** Slots of a replica. */
  readonly concurrency: number;
  /** Bytes of a request in the queue. */
  readonly messageBytes: number;
  /** What the models cost for a request. */
  readonly modelUsd: number;
  readonly prices: PlanPrices;
}

export interface DeploymentPlan {
  readonly ratePerSecond: number;
  readonly replicas: Readonly<Record<Stage | "observability" | "gateway", number>>;
  /** What decides the number of llm-router's replicas. */
  readonly routersFollow: "slots" | "processor" | "availability";
  /** Streams a stage needs; NOCP has one of each. */
  readonly partitions: number;
  readonly brokers: number;
  readonly brokersFollow: "processor" | "disk" | "availability";
  /** Written by all copies together. */
  readonly diskMegabytesPerSecond: number;
  readonly infrastructureUsdPerMonth: number;
  readonly modelsUsdPerMonth: number;
  /** First of what runs out when the rate grows and nothing is added, with the rate at which it does. */
  readonly saturatesFirst: { readonly what: string; readonly atPerSecond: number };
}

/** What may be used of anything: queues grow without bounds towards 1. */
const highestUtilization = 0.7;
/** Of slots, which wait for models and do not queue for each other. */
const highestSlotUse = 0.8;
/** So that one of them may fail. */
const leastReplicas = 2;
const leastBrokers = 3;
const copies = 3;
/** From here on one of each is enough, and none is spare. */
const smallRate = 20;
const brokerCores = 4;
/** Messages that are stored for a request: four stages, its result. */
export const messagesPerRequest = stages.length + 1;
/** What a network disk writes. */
const brokerDiskMegabytesPerSecond = 200;
/** Requests of the chart for each replica. */
const replicaGib = 0.25;
const brokerGib = 8;
const brokerDiskGib = 100;
const hoursPerMonth = 730;
/** A gateway's work for a call, as a share of llm-router's: both read a request and write an answer. */
const gatewayShare = 1;

/** Mean of a log-normal distribution. */
export const meanUpstreamMs = ({ medianMs, spread }: UpstreamLatency): number => medianMs * Math.exp(spread ** 2 / 2);

export function planDeployment(costs: PipelineCosts, observabilityMs: number, wishes: PlanWishes): DeploymentPlan {
  const { ratePerSecond, concurrency, messageBytes, prices } = wishes;
  const isSmall = ratePerSecond < smallRate;
  const atLeast = isSmall ? 1 : leastReplicas;
  const byProcessor = (workMs: number) => Math.max(atLeast, Math.ceil((ratePerSecond * workMs) / 1000 / highestUtilization));
  const slotMs = meanUpstreamMs(wishes.upstream) + costs.handoverMs + costs.stageMs["llm-router"];
  const bySlots = Math.ceil((ratePerSecond * slotMs) / 1000 / highestSlotUse / concurrency);
  const routers = Math.max(bySlots, byProcessor(costs.stageMs["llm-router"]));
  const replicas = {
    ...ofEachStage((stage) => byProcessor(costs.stageMs[stage])),
    "llm-router": routers,
    // It has one replica; its work is what one core must do.
    observability: 1,
    gateway: byProcessor(costs.stageMs["llm-router"] * gatewayShare),
  };
  const partitions = Math.ceil((ratePerSecond * costs.storeMs) / 1000 / highestUtilization);
  const stored = ratePerSecond * messagesPerRequest * (isSmall ? 1 : copies);
  const diskMegabytesPerSecond = (stored * messageBytes) / 1e6;
  const brokersByProcessor = Math.ceil((stored * costs.brokerMs) / 1000 / (brokerCores * highestUtilization));
  const brokersByDisk = Math.ceil(diskMegabytesPerSecond / (brokerDiskMegabytesPerSecond * highestUtilization));
  const brokers = Math.max(isSmall ? 1 : leastBrokers, brokersByProcessor, brokersByDisk);
  const pods = Object.values(replicas).reduce((sum, count) => sum + count, 0);
  const podCores = stages.reduce((sum, stage) => sum + (ratePerSecond * costs.stageMs[stage]) / 1000 / highestUtilization, 0);
  const cores = Math.max(podCores, pods * 0.1) + brokers * brokerCores;
  return {
    ratePerSecond,
    replicas,
    routersFollow: routers <= atLeast ? "availability" : bySlots >= routers ? "slots" : "processor",
    partitions,
    brokers,
    brokersFollow: brokersByProcessor >= brokers ? "processor" : brokersByDisk >= brokers ? "disk" : "availability",
    diskMegabytesPerSecond,
    infrastructureUsdPerMonth:
      hoursPerMonth * (cores * prices.coreHourUsd + (pods * replicaGib + brokers * brokerGib) * prices.gibHourUsd) +
      brokers * brokerDiskGib * prices.diskGibMonthUsd,
    modelsUsdPerMonth: wishes.modelUsd * ratePerSecond * hoursPerMonth * 3600,
    saturatesFirst: saturatesFirst(costs, observabilityMs, { ...wishes, replicas, slotMs, brokers, isSmall }),
  };
}

interface Planned extends PlanWishes {
  readonly replicas: DeploymentPlan["replicas"];
  readonly slotMs: number;
  readonly brokers: number;
  readonly isSmall: boolean;
}

/** Of a plan whose stages can grow, what cannot: one stream of a stage, the brokers, and observability's one process. */
function saturatesFirst(costs: PipelineCosts, observabilityMs: number, planned: Planned): DeploymentPlan["saturatesFirst"] {
  const { replicas, slotMs, brokers, isSmall, concurrency } = planned;
  const stored = messagesPerRequest * (isSmall ? 1 : copies);
  const limits = [
    ["the slots of llm-router", (replicas["llm-router"] * concurrency * 1000) / slotMs],
    ...stages.map((stage): [string, number] => [`the processor of ${stage}`, (replicas[stage] * 1000) / costs.stageMs[stage]]),
    ["the stream of a stage", 1000 / costs.storeMs],
    ["the brokers' processors", (brokers * brokerCores * 1000) / (stored * costs.brokerMs)],
    ["observability, which has one replica", 1000 / observabilityMs],
  ] as const satisfies readonly (readonly [string, number])[];
  const [what, atPerSecond] = limits.reduce((first, limit) => (limit[1] < first[1] ? limit : first));
  return { what, atPerSecond };
}
