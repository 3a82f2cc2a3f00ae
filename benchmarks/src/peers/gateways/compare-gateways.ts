// All contenders under the same calls, in short turns, so that a busy moment of the machine meets all of them.
import { type LoadOutcome, type LoadRun, outcomeOf, runLoad } from "../../load/run-load.ts";
import { processorMsOfTrees } from "../../load/tree-time.ts";
import type { Caller, Contender } from "./contender.ts";

export interface GatewayPlan {
  readonly upstreamDelaysMs: readonly number[];
  readonly concurrencies: readonly number[];
  readonly rounds: number;
  /** How long each turn of a contender lasts, in seconds. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** What one contender did at one upstream and concurrency. */
export interface GatewayFigures extends LoadOutcome {
  readonly contender: string;
  readonly upstreamDelayMs: number;
  readonly concurrency: number;
  /** Milliseconds to the first piece of a streamed answer, one call after the other. */
  readonly firstPieceMs: LoadOutcome["latencyMs"] | undefined;
  /** Processor time for a call, of all its processes, in milliseconds; undefined where it cannot be told. */
  readonly processorMs: number | undefined;
}

interface Cell {
  readonly contender: Contender;
  readonly caller: Caller;
  readonly upstreamDelayMs: number;
  readonly concurrency: number;
  readonly runs: LoadRun[];
  readonly begun: LoadRun[];
  processorMs: number | undefined;
}

const loadFor = (operation: () => Promise<void>, concurrency: number, seconds: number): Promise<LoadRun> =>
  runLoad({ requests: Number.POSITIVE_INFINITY, durationMs: seconds * 1_000, warmUp: 0, concurrency, operation });

/** @param onStep told of what begins. */
export async function compareGateways(
  contenders: readonly Contender[],
  plan: GatewayPlan,
  onStep: (line: string) => void,
): Promise<GatewayFigures[]> {
  const cells = plan.upstreamDelaysMs.flatMap((upstreamDelayMs) => {
    const callers = contenders.map((contender) => ({ contender, caller: contender.callerFor(upstreamDelayMs) }));
    return plan.concurrencies.map((concurrency) =>
      callers.map(
        ({ contender, caller }): Cell => ({
          ...{ contender, caller, upstreamDelayMs, concurrency },
          ...{ runs: [], begun: [], processorMs: 0 },
        }),
      ),
    );
  });
  try {
    for (const { contender, caller } of cells[0] ?? []) {
      onStep(`warming up: ${contender.name}`);
      await loadFor(caller.call, Math.max(...plan.concurrencies), plan.warmUpSeconds);
    }
    for (let round = 1; round <= plan.rounds; round++) {
      for (const turns of cells) {
        onStep(
          `round ${round} of ${plan.rounds}: upstream ${turns[0]?.upstreamDelayMs} ms, concurrency ${turns[0]?.concurrency}`,
        );
        const first = round % turns.length;
        for (const cell of [...turns.slice(first), ...turns.slice(0, first)]) await takeTurn(cell, plan.seconds);
      }
    }
    return cells.flat().map(figuresOf);
  } finally {
    for (const { caller } of cells.flat()) caller.close();
  }
}

/** Streams are timed one at a time, for half as long. */
const streamedShare = 0.5;

async function takeTurn(cell: Cell, seconds: number): Promise<void> {
  const { contender, caller, concurrency, runs, begun } = cell;
  const before = processorMsOfTrees(contender.processIds());
  runs.push(await loadFor(caller.call, concurrency, seconds));
  const after = processorMsOfTrees(contender.processIds());
  cell.processorMs =
    cell.processorMs === undefined || before === undefined || after === undefined ? undefined : cell.processorMs + after - before;
  if (caller.begin && concurrency === 1) begun.push(await loadFor(caller.begin, 1, seconds * streamedShare));
}

function figuresOf({ contender, upstreamDelayMs, concurrency, runs, begun, processorMs }: Cell): GatewayFigures {
  const outcome = outcomeOf(runs);
  const streamed = begun.length === 0 ? undefined : outcomeOf(begun);
  const errors = { ...outcome.errors };
  for (const [code, count] of Object.entries(streamed?.errors ?? {})) errors[code] = (errors[code] ?? 0) + count;
  return {
    ...outcome,
    errors,
    contender: contender.name,
    upstreamDelayMs,
    concurrency,
    firstPieceMs: streamed?.latencyMs,
    processorMs: processorMs === undefined ? undefined : processorMs / Math.max(1, outcome.latencyMs.count),
  };
}
