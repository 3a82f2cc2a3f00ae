// Runs one stage: pulls its two lanes, starts attempts, settles them.
//
// States:  starting → running → draining → stopped
// Ready means running. Invariants (M1 to M8 of the architecture):
//   M1 settled once: settler.ts calls what ends a delivery, delivery.ts refuses a second time
//   M2 publish, then ack: emit.ts awaits every acknowledgement before an attempt resolves to `ack`
//   M3 leases: leases.ts renews every delivery held here, started or not, never past its deadline
//   M4 starts are counted in the broker before `handle`: settler.ts, attempt-ledger.ts
//   M5 the error decides: settlement.ts
//   M6 stopping: `stop` below
//   M7 what may be repeated says so to its handler: `doubts` of leases.ts, and in a header of all that is made of it;
//      llm-router looks what came of it
//   M8 large bodies by claim check: the transport

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { giveUpAfter, pause } from "@nocp/contracts/retry.ts";
import { type QueueLane, queueLanes, type Stage } from "@nocp/contracts/topology.ts";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { Logger } from "pino";
import type { MessagingSettings } from "../config/sections.ts";
import { createCopyClaims } from "./copy-claims.ts";
import { addressOf } from "./decode-message.ts";
import { createLaneScheduler } from "./lane-scheduler.ts";
import type { HeldDelivery, Leases } from "./leases.ts";
import { createLineWatch, headOfLine } from "./line-watch.ts";
import { ShutdownSignal } from "./settlement.ts";
import type { Settler } from "./settler.ts";
import type { StageAttempt } from "./stage-attempt.ts";
import type { MessageSource, StageTransport } from "./transport.ts";

export type RunnerState = "starting" | "running" | "draining" | "stopped";

export interface StageRunner {
  readonly state: RunnerState;
  /** Messages being handled. */
  readonly running: number;
  start(): void;
  /** M6: stop pulling, give back what was not started, finish what runs, abort it after the grace period. */
  stop(): Promise<void>;
}

export interface RunnerDependencies {
  readonly stage: Stage;
  readonly transport: StageTransport;
  readonly leases: Leases;
  readonly settler: Settler;
  readonly settings: MessagingSettings;
  readonly logger: Logger;
  readonly now: () => number;
  readonly onStopped: () => void;
}

/** How long handlers may take to end after they were aborted. */
const abortWaitMs = 2_000;
const drainLookMs = 10;

export function createStageRunner({ stage, transport, leases, settler, ...rest }: RunnerDependencies): StageRunner {
  const { settings, logger, now } = rest;
  let state: RunnerState = "starting";
  const sources: MessageSource[] = [];

  const run = async (held: HeldDelivery, handled: () => void): Promise<void> => {
    try {
      held.attempt = attemptOf(held, { stage, startedAt: now(), handled }, leases);
      lineWatch.started(held.attempt.addressed.tenant);
      await settler.run(held.attempt);
    } catch (error) {
      const fields = { err: (error as Error).name, requestId: held.attempt?.addressed.requestId };
      logger.error(fields, "a delivery could not be settled; its lease runs out");
      held.delivery.abandon();
    } finally {
      leases.release(held);
    }
  };
  const returnUnstarted = (held: HeldDelivery, delayMs?: number): Promise<void> => {
    leases.release(held);
    return settler.returnUnstarted(held.delivery, delayMs);
  };
  const lineWatch = createLineWatch({ stage, passing: transport.passing, leases, logger, now, ...settings });
  const scheduler = createLaneScheduler<HeldDelivery>({
    ...settings,
    run,
    onRoom: () => {
      for (const source of sources) source.refill();
    },
  });
  const enqueue = (lane: QueueLane, held: HeldDelivery): void => {
    if (state === "running") scheduler.enqueue(lane, held);
    else void returnUnstarted(held);
  };
  const copies = createCopyClaims({
    ...{ stage, passing: transport.passing, leases, margin: headOfLine(settings.concurrency) },
    onHandle: (held) => enqueue("passing", held),
    onReturn: returnUnstarted,
  });
  const consume = (lane: QueueLane): MessageSource =>
    transport.consume(stage, lane, {
      room: () => scheduler.roomOf(lane) - (lane === "passing" ? copies.pending : 0),
      onMessage: (message) => {
        const held = leases.hold(message, lane);
        if (!held) return;
        if (message.movedFrom === undefined) enqueue(lane, held);
        else void copies.claim(held);
      },
      onProblem: (description) => logger.warn({ stage, lane, description }, "the broker refused a pull"),
    });
  const endCancellations = transport.onCancel((request) =>
    leases.abort(new NocpError("CANCELLED", "the caller cancelled the request"), request),
  );

  return {
    get state() {
      return state;
    },
    get running() {
      return scheduler.running;
    },
    start() {
      if (state !== "starting") throw new Error(`cannot start a runner that is ${state}`);
      state = "running";
      sources.push(...queueLanes.map(consume));
    },
    async stop() {
      if (state === "draining" || state === "stopped") return;
      state = "draining";
      for (const source of sources) source.stop();
      lineWatch.stop();
      await Promise.all(scheduler.stop().map((held) => returnUnstarted(held)));
      await drained(leases, settings.gracePeriodMs);
      leases.abort(new ShutdownSignal());
      await drained(leases, abortWaitMs);
      for (const source of sources) source.close();
      endCancellations();
      leases.close();
      rest.onStopped();
      state = "stopped";
    },
  };
}

async function drained(leases: Leases, withinMs: number): Promise<void> {
  const until = giveUpAfter(withinMs);
  while (leases.size > 0 && !until.aborted) await pause(drainLookMs);
}

const attemptOf = (
  held: HeldDelivery,
  { stage, startedAt, handled }: Pick<StageAttempt, "stage" | "startedAt" | "handled">,
  { doubts, sinceOutageMs }: Pick<Leases, "doubts" | "sinceOutageMs">,
): StageAttempt => ({
  stage,
  handled,
  delivery: held.delivery,
  addressed: addressOf(held.delivery.message),
  startedAt,
  queueWaitMs: Math.max(0, startedAt - held.delivery.message.storedAt),
  controller: held.controller,
  ...doubts(held),
  sinceOutageMs,
  number: 1,
  lostStarts: 0,
  heldMs: 0,
  pausedMs: 0,
  handovers: [],
  decoded: undefined,
  traceContext: ROOT_CONTEXT,
  span: undefined,
});
