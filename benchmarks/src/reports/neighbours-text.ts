// The report of ./nocp benchmark hostile.
import type { Neighbour } from "../neighbours/measure-neighbours.ts";
import { markdownTable } from "./table.ts";

export interface NeighboursReport {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly memoryGiB: number; readonly node: string };
  readonly settings: {
    readonly characters: number;
    readonly requests: number;
    readonly upstreamDelayMs: number;
    readonly path: string;
    readonly chain: boolean;
  };
  readonly ways: readonly MeasuredWay[];
}

export interface MeasuredWay {
  readonly way: string;
  /** No large request is under way. */
  readonly alone: Neighbour;
  /** Beside ordinary texts of the same size: what two programs cost each other that share the processors. */
  readonly ordinary: Readonly<Record<string, Neighbour>>;
  readonly hostile: Readonly<Record<string, Neighbour>>;
}

/** A small request may take so many times as long beside a large one. */
export const maxRatio = 2;

export function renderNeighboursText({ machine, settings, ways }: NeighboursReport): string {
  const { characters, requests, upstreamDelayMs, path, chain } = settings;
  const names = ways.length === 0 ? [] : [...Object.keys(ways[0]!.ordinary), ...Object.keys(ways[0]!.hostile)];
  const rows = names.map((name) => {
    const beside = ways.map((way) => way.ordinary[name] ?? way.hostile[name]);
    const health = Math.max(...beside.map((neighbour) => neighbour?.healthMs ?? 0));
    return [name, ...beside.map((neighbour, at) => cellOf(neighbour, ways[at]!.alone)), health.toFixed(0)];
  });
  const alone = [
    "alone, ms",
    ...ways.map((way) => formatMs(way.alone)),
    Math.max(...ways.map((way) => way.alone.healthMs)).toFixed(0),
  ];
  const table = markdownTable(["text", ...ways.map(({ way }) => way), "/healthz"], [alone, ...rows], [0]);
  return [
    `${machine.cores} cores, ${machine.node}; texts of ${characters.toLocaleString("en-US")} characters, upstream ${upstreamDelayMs} ms, path ${path}${chain ? ", stages in one process" : ""}`,
    `Latency of ${requests} small requests, one after the other, while such a text is under way again and again, over their latency alone: p50 / p95. /healthz: the slowest answer of any service, in ms.`,
    "",
    ...table,
    "",
    ...ways.map(verdictOf),
  ].join("\n");
}

const formatMs = ({ latencyMs: { p50, p95 } }: Neighbour): string => `${p50.toFixed(1)} / ${p95.toFixed(1)}`;

function cellOf(neighbour: Neighbour | undefined, { latencyMs: alone }: Neighbour): string {
  if (neighbour === undefined) return "";
  const { p50, p95 } = neighbour.latencyMs;
  return `${(p50 / alone.p50).toFixed(1)} / ${(p95 / alone.p95).toFixed(1)}`;
}

function verdictOf({ way, alone, ordinary, hostile }: MeasuredWay): string {
  const ratio = ({ latencyMs }: Neighbour): number => latencyMs.p50 / alone.latencyMs.p50;
  const slow = Object.entries(hostile).filter(([, neighbour]) => ratio(neighbour) >= maxRatio);
  const usual = Math.max(...Object.values(ordinary).map(ratio));
  const verdict =
    slow.length === 0 ? `below ${maxRatio} for all` : `${maxRatio} or more beside ${slow.map(([name]) => name).join(", ")}`;
  return `${way}: ${verdict}; beside ordinary texts of this size up to ${usual.toFixed(1)}`;
}
