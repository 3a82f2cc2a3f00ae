// The report of the scale benchmark as text.
import type { StoreTimes } from "../scale/measure-broker.ts";
import type { DeploymentPlan, PlanWishes } from "../scale/plan-deployment.ts";
import type { PipelineCosts, SimulatedOutcome } from "../scale/simulate-pipeline.ts";

export interface CheckedRun {
  readonly what: string;
  /** Requests per second. */
  readonly predicted: number;
  readonly measured: number;
}

export interface ScaleReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly node: string };
  readonly settings: Omit<PlanWishes, "ratePerSecond"> & {
    readonly measuredConcurrency: number;
    readonly measuredUpstreamMs: number;
  };
  /** Of services that mostly wait, and of busy ones. */
  readonly costs: PipelineCosts;
  readonly planned: PipelineCosts;
  readonly observabilityMs: number;
  readonly store: StoreTimes;
  readonly checks: readonly CheckedRun[];
  readonly plans: readonly DeploymentPlan[];
  /** The middle plan with brokers at other places. */
  readonly placements: readonly { readonly what: string; readonly outcome: SimulatedOutcome }[];
}

export function renderScale(report: ScaleReport): string {
  return [
    `costs on ${report.machine.cores} cores, a request in milliseconds:`,
    ...costLines(report),
    "",
    "predicted and measured requests/s:",
    ...report.checks.map(checkLine),
    ...scalingLine(report.checks),
    "",
    `plans for models of ${report.settings.upstream.medianMs} ms (median) and ${report.settings.concurrency} slots a replica:`,
    ...report.plans.flatMap(planLines),
    "",
    `the plan for ${report.plans[1]?.ratePerSecond} requests/s, simulated:`,
    ...report.placements.map(
      ({ what, outcome }) =>
        `  ${what}: ${outcome.requestsPerSecond.toFixed(0)} requests/s, latency p50 ${outcome.latencyMs.p50.toFixed(0)} ms, p95 ${outcome.latencyMs.p95.toFixed(0)} ms`,
    ),
  ].join("\n");
}

const costLines = ({ costs, planned, observabilityMs, store }: ScaleReport): string[] => [
  `  processor, busy: ${stageTimes(planned)}, observability ${observabilityMs.toFixed(2)}`,
  `  processor, mostly waiting: ${stageTimes(costs)}`,
  `  broker: ${planned.brokerMs.toFixed(2)} of processor time a message, ${costs.brokerMs.toFixed(2)} mostly waiting; a stream stores one in ${costs.storeMs.toFixed(2)}, ${store.aloneMs.toFixed(2)} with its acknowledgement`,
  `  between two messages of a slot: ${costs.handoverMs.toFixed(1)}`,
];

const stageTimes = ({ stageMs }: PipelineCosts): string =>
  Object.entries(stageMs)
    .map(([stage, workMs]) => `${stage} ${workMs.toFixed(2)}`)
    .join(", ");

const checkLine = ({ what, predicted, measured }: CheckedRun): string =>
  `  ${what}: ${predicted.toFixed(1)} predicted, ${measured.toFixed(1)} measured (${signed((predicted / measured - 1) * 100)} %)`;

const signed = (number: number): string => `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(1)}`;

/** How much of n times one replica n replicas do. */
function scalingLine([one, , four]: readonly CheckedRun[]): string[] {
  return one && four ? [`  1 → 4 replicas: ${(four.measured / (4 * one.measured)).toFixed(2)} of four times one`] : [];
}

function planLines(plan: DeploymentPlan): string[] {
  const replicas = Object.entries(plan.replicas).map(([name, count]) => `${name} ${count}`);
  return [
    `  ${plan.ratePerSecond} requests/s: ${replicas.join(", ")}`,
    `    llm-router follows its ${plan.routersFollow}; ${plan.brokers} broker(s), for ${plan.brokersFollow}; ${plan.partitions} stream(s) a stage; ${plan.diskMegabytesPerSecond.toFixed(1)} MB/s of disk`,
    `    $${plan.infrastructureUsdPerMonth.toFixed(0)} a month for machines, $${plan.modelsUsdPerMonth.toFixed(0)} for models`,
    `    first to saturate: ${plan.saturatesFirst.what}, at ${plan.saturatesFirst.atPerSecond.toFixed(0)} requests/s`,
  ];
}
