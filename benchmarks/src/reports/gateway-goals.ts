// What NOCP's figures beside other gateways are held against.
import type { GatewayFigures } from "../peers/gateways/compare-gateways.ts";
import { contenderNames as names } from "../peers/gateways/contender-names.ts";

type Name = (typeof names)[keyof typeof names];

export interface GatewayGoal {
  readonly what: string;
  readonly value: number;
  /** `least`: the value shall be at least as large; `most`: at most. */
  readonly bound: "least" | "most";
  readonly floor: number;
  readonly aim?: number;
  readonly unit: "ms" | "×";
}

/** Goals whose figures were measured. */
export function gatewayGoals(figures: readonly GatewayFigures[]): GatewayGoal[] {
  const find = (name: Name, upstreamDelayMs: number, concurrency: number) =>
    figures.find((one) => one.contender === name && one.upstreamDelayMs === upstreamDelayMs && one.concurrency === concurrency);
  /** Calls per second of one over those of another, under load. */
  const ratio = (name: Name, other: Name, upstreamDelayMs: number): number | undefined => {
    const one = find(name, upstreamDelayMs, 64)?.requestsPerSecond;
    const than = find(other, upstreamDelayMs, 64)?.requestsPerSecond;
    return one !== undefined && than ? one / than : undefined;
  };
  const added = (name: Name, upstreamDelayMs: number, concurrency: number): number | undefined =>
    difference(
      find(name, upstreamDelayMs, concurrency)?.latencyMs.p50,
      find(names.control, upstreamDelayMs, concurrency)?.latencyMs.p50,
    );
  const addedToFirstPiece = (name: Name, upstreamDelayMs: number): number | undefined =>
    difference(find(name, upstreamDelayMs, 1)?.firstPieceMs?.p50, find(names.control, upstreamDelayMs, 1)?.firstPieceMs?.p50);
  const least = (what: string, value: number | undefined, floor: number, aim?: number): GatewayGoal[] =>
    value === undefined ? [] : [{ what, value, bound: "least", floor, ...(aim === undefined ? {} : { aim }), unit: "×" }];
  const most = (what: string, value: number | undefined, floor: number | undefined, aim?: number): GatewayGoal[] =>
    value === undefined || floor === undefined
      ? []
      : [{ what, value, bound: "most", floor, ...(aim === undefined ? {} : { aim }), unit: "ms" }];
  return [
    ...least("five processes, calls/s of Portkey's, 1 ms", ratio(names.queue, names.portkey, 1), 0.9, 1.2),
    ...least("five processes with ask(), calls/s of Portkey's, 1 ms", ratio(names.ask, names.portkey, 1), 0.9, 1.2),
    ...least("five processes, synced, calls/s of Portkey's, 1 ms", ratio(names.queueSynced, names.portkey, 1), 0.5),
    ...least("chain, calls/s of Portkey's, 1 ms", ratio(names.chain, names.portkey, 1), 1),
    ...least("chain, calls/s of the five processes', 1 ms", ratio(names.chain, names.queue, 1), 1.5, 2),
    ...least("the same, synced", ratio(names.chainSynced, names.queueSynced, 1), 1.5, 2),
    ...least("direct path, calls/s of Portkey's, instant", ratio(names.direct, names.portkey, 0), 1.5, 2.5),
    ...least("direct path, calls/s of LiteLLM's, instant", ratio(names.direct, names.litellm, 0), 5),
    ...most("direct path, added to one call, 20 ms", added(names.direct, 20, 1), 1.5, 1),
    ...most("the same, beside Portkey's", added(names.direct, 20, 1), added(names.portkey, 20, 1)),
    ...most("the same, beside LiteLLM's", added(names.direct, 20, 1), added(names.litellm, 20, 1)),
    ...most("direct path, added under load, 20 ms, beside Portkey's", added(names.direct, 20, 64), added(names.portkey, 20, 64)),
    ...most("the same, beside LiteLLM's", added(names.direct, 20, 64), added(names.litellm, 20, 64)),
    ...most("direct path, added to the first piece of a stream, 20 ms", addedToFirstPiece(names.direct, 20), 3),
    ...most("five processes, added to the first piece of a stream, 20 ms", addedToFirstPiece(names.queue, 20), 15),
  ];
}

const difference = (one: number | undefined, than: number | undefined): number | undefined =>
  one === undefined || than === undefined ? undefined : one - than;

export const isMet = ({ value, bound }: GatewayGoal, limit: number): boolean =>
  bound === "least" ? value >= limit : value <= limit;
