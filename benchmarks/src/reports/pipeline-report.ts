// The pipeline's report, as text and as Markdown.
import type { Distribution } from "../load/percentiles.ts";
import type { LoadOutcome } from "../load/run-load.ts";

export interface PipelineReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly memoryGiB: number; readonly node: string };
  readonly settings: {
    readonly requests: number;
    readonly warmUp: number;
    readonly concurrency: number;
    readonly ratePerSecond: number | null;
    readonly requestBytes: number;
    readonly upstream: string;
    readonly lanes: readonly string[];
  };
  readonly pipeline: {
    readonly loaded: LoadOutcome;
    /** One request at a time. */
    readonly alone: LoadOutcome;
    readonly queueWaitMs: Distribution;
    readonly ownWorkMs: Distribution;
    readonly modelMs: Distribution;
    /** Processor time of each service for a request under load, in milliseconds. */
    readonly processorMs: Readonly<Record<string, number>>;
  };
  /**
   * NOCP's consumers, read as its runtime reads them, in a process for each stage, as the services are. Like the two others
   * absent when a running deployment was measured.
   */
  readonly barePipe: BarePipeOutcome | undefined;
  /** The same, read by the NATS client's own `consume()`, which fetches ahead and renews no lease. */
  readonly barePipeOnClient: BarePipeOutcome | undefined;
  /** NOCP's consumers of all stages in one process, which no deployment is: the least a queue can cost. */
  readonly barePipeInOneProcess: BarePipeOutcome | undefined;
  /**
   * With `nats.sync: always`, the default; everything above is with `periodic`. Absent when a running deployment was measured,
   * or the server cannot.
   */
  readonly synced: { readonly pipeline: BarePipeOutcome; readonly barePipe: BarePipeOutcome } | undefined;
}

interface BarePipeOutcome {
  readonly loaded: LoadOutcome;
  readonly alone: LoadOutcome;
}

type Row = readonly [what: string, ...cells: string[]];

const columnTitles: Row = ["", "requests/s", "p50 ms", "p95 ms", "p99 ms", "errors"];
const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
const loadRow = (what: string, { requestsPerSecond, latencyMs, errors }: LoadOutcome): Row => [
  what,
  number(requestsPerSecond),
  number(latencyMs.p50),
  number(latencyMs.p95),
  number(latencyMs.p99),
  String(Object.values(errors).reduce((sum, count) => sum + count, 0)),
];
const timeRow = (what: string, times: Distribution): Row => [
  what,
  "",
  number(times.p50),
  number(times.p95),
  number(times.p99),
  "",
];

/** The floors and aims the two ratios are held against. */
const throughputGoal = { floor: 0.35, aim: 0.6 };
const latencyGoal = { floor: 3, aim: 2 };

function rowsOf(report: PipelineReport): Row[] {
  const { pipeline, barePipe, barePipeOnClient, barePipeInOneProcess, synced, settings } = report;
  const load = settings.ratePerSecond === null ? `concurrency ${settings.concurrency}` : `${settings.ratePerSecond}/s`;
  const bare = (part: "loaded" | "alone", how: string): Row[] => [
    ...(barePipe ? [loadRow(`bare pipe, ${how}`, barePipe[part])] : []),
    ...(barePipeOnClient ? [loadRow(`bare pipe on the client's consume(), ${how}`, barePipeOnClient[part])] : []),
    ...(barePipeInOneProcess ? [loadRow(`bare pipe in one process, ${how}`, barePipeInOneProcess[part])] : []),
    ...(synced ? [loadRow(`pipeline, every write synced, ${how}`, synced.pipeline[part])] : []),
    ...(synced ? [loadRow(`bare pipe, every write synced, ${how}`, synced.barePipe[part])] : []),
  ];
  return [
    columnTitles,
    loadRow(`pipeline, ${load}`, pipeline.loaded),
    ...bare("loaded", `concurrency ${settings.concurrency}`),
    loadRow("pipeline, one at a time", pipeline.alone),
    ...bare("alone", "one at a time"),
    timeRow("queue wait under load", pipeline.queueWaitMs),
    timeRow("own work under load", pipeline.ownWorkMs),
    timeRow("model under load", pipeline.modelMs),
  ];
}

function verdictsOf({ pipeline, barePipe, barePipeOnClient, barePipeInOneProcess, synced }: PipelineReport): string[] {
  if (!barePipe || !barePipeOnClient || !barePipeInOneProcess) return [];
  const throughputOver = ({ loaded }: BarePipeOutcome) => pipeline.loaded.requestsPerSecond / loaded.requestsPerSecond;
  const latencyOver = ({ alone }: BarePipeOutcome) => pipeline.alone.latencyMs.p50 / alone.latencyMs.p50;
  const throughput = throughputOver(barePipe);
  const latency = latencyOver(barePipe);
  const word = (met: boolean) => (met ? "met" : "MISSED");
  const syncedShare = synced && synced.pipeline.loaded.requestsPerSecond / pipeline.loaded.requestsPerSecond;
  return [
    ...(syncedShare === undefined
      ? []
      : [`requests/s with every write synced, the default: ${syncedShare.toFixed(2)} of those without`]),
    `requests/s: ${throughput.toFixed(2)} of the bare pipe's (floor ${throughputGoal.floor} ${word(throughput >= throughputGoal.floor)}, aim ${throughputGoal.aim} ${word(throughput >= throughputGoal.aim)}); of the one on the client's consume() ${throughputOver(barePipeOnClient).toFixed(2)}, of the one in one process ${throughputOver(barePipeInOneProcess).toFixed(2)}`,
    `p50 of one request: ${latency.toFixed(2)} times the bare pipe's (floor ${latencyGoal.floor} ${word(latency <= latencyGoal.floor)}, aim ${latencyGoal.aim} ${word(latency <= latencyGoal.aim)}); ${latencyOver(barePipeOnClient).toFixed(2)} times that of the one on the client's consume(), ${latencyOver(barePipeInOneProcess).toFixed(2)} times that of the one in one process`,
  ];
}

function processorTimesOf({ pipeline: { processorMs } }: PipelineReport): string[] {
  const times = Object.entries(processorMs).map(([service, milliseconds]) => `${service} ${milliseconds.toFixed(3)}`);
  return times.length === 0 ? [] : [`processor time for a request under load, in ms: ${times.join(", ")}`];
}

const circumstancesOf = ({ settings, machine }: PipelineReport): string =>
  `${settings.requests} requests of ${settings.requestBytes} bytes, upstream: ${settings.upstream}, lanes: ${settings.lanes.join(" and ")}; ` +
  `${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, every span exported`;

export function renderText(report: PipelineReport): string {
  const rows = rowsOf(report);
  const widths = columnTitles.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  "),
  );
  return [circumstancesOf(report), "", ...lines, "", ...processorTimesOf(report), ...verdictsOf(report)].join("\n");
}

export function renderMarkdown(report: PipelineReport): string {
  const [header = columnTitles, ...rows] = rowsOf(report);
  const line = (row: Row) => `| ${row.join(" | ")} |`;
  const table = [line(header), `|${header.map((_, column) => (column === 0 ? "---" : "--:")).join("|")}|`, ...rows.map(line)];
  return [
    `# Pipeline, ${report.at}`,
    "",
    circumstancesOf(report),
    "",
    ...table,
    "",
    ...[...processorTimesOf(report), ...verdictsOf(report)].map((verdict) => `- ${verdict}`),
    "",
  ].join("\n");
}
