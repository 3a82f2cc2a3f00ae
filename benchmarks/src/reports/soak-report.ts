// The report of ./nocp benchmark soak.
import { needOf, type ProcessResources } from "../load/process-resources.ts";
import { markdownTable } from "./table.ts";

/** What every process held on to at one moment, by the service's name. */
export interface SoakLook {
  /** Since the load began. */
  readonly minute: number;
  readonly processes: Readonly<Record<string, ProcessResources>>;
}

export interface ServiceGrowth {
  readonly service: string;
  readonly early: ProcessResources;
  readonly late: ProcessResources;
  readonly met: boolean;
}

export interface SoakReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly node: string };
  readonly settings: {
    readonly minutes: number;
    readonly settleMinutes: number;
    readonly concurrency: number;
    readonly pauseMs: number;
  };
  readonly calls: { readonly succeeded: number; readonly errors: Readonly<Record<string, number>> };
  readonly growth: readonly ServiceGrowth[];
  readonly looks: readonly SoakLook[];
}

/** Memory that varies by less is flat. */
const flatMemory = 1.1;
/** A pool may have opened a connection more by then. */
const flatHandles = 4;
const MiB = 2 ** 20;

/** Two windows are compared: the first third of the time after the processes settled, but at least a minute, and the last. */
export function growthOf(looks: readonly SoakLook[], settleMinutes: number, minutes: number): ServiceGrowth[] {
  const window = Math.max(1, (minutes - settleMinutes) / 3);
  const early = looks.filter(({ minute }) => minute >= settleMinutes && minute < settleMinutes + window);
  const late = looks.filter(({ minute }) => minute >= minutes - window);
  const services = Object.keys(looks[0]?.processes ?? {});
  return services.map((service) => {
    const of = (window: readonly SoakLook[]) => needOf(window.flatMap(({ processes }) => processes[service] ?? []));
    const [before, after] = [of(early), of(late)];
    const met =
      after.residentBytes <= flatMemory * before.residentBytes &&
      after.files <= before.files + flatHandles &&
      after.handles <= before.handles + flatHandles;
    return { service, early: before, late: after, met };
  });
}

const mebibytes = (bytes: number): string => (bytes / MiB).toFixed(0);

export const lookLine = ({ minute, processes }: SoakLook): string =>
  `minute ${minute.toFixed(0)}: ${Object.entries(processes)
    .map(([service, { residentBytes, files, handles }]) => `${service} ${mebibytes(residentBytes)} MiB ${files}/${handles}`)
    .join(", ")}`;

export function renderSoakText({ machine, settings, calls, growth }: SoakReport): string {
  const { minutes, settleMinutes, concurrency, pauseMs } = settings;
  const failed = Object.entries(calls.errors).map(([code, count]) => `${count} × ${code}`);
  const cells = (before: number, after: number, format: (value: number) => string) => `${format(before)} → ${format(after)}`;
  const rows = growth.map(({ service, early, late, met }) => [
    service,
    cells(early.residentBytes, late.residentBytes, mebibytes),
    cells(early.heapBytes, late.heapBytes, mebibytes),
    cells(early.files, late.files, String),
    cells(early.sockets, late.sockets, String),
    cells(early.handles, late.handles, String),
    met ? "met" : "MISSED",
  ]);
  return [
    `${machine.cores} cores, ${machine.node}, ${minutes} minutes, ${concurrency} callers with pauses of ${pauseMs} ms`,
    `${calls.succeeded} calls, failed: ${failed.length === 0 ? "none" : failed.join(", ")}`,
    "",
    `After ${settleMinutes} minutes → at the end: the most memory; the least heap, files, sockets and handles.`,
    `Memory may grow by ${((flatMemory - 1) * 100).toFixed(0)} %, files and handles by ${flatHandles}.`,
    "",
    ...markdownTable(["service", "memory (MiB)", "heap (MiB)", "files", "sockets", "handles", "flat"], rows, [0, 6]),
  ].join("\n");
}
