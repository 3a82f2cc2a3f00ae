// Runs one stage: pulls its two lanes, starts attempts, settles them.
//
// States:  starting → running → draining → stopped        starting → failed
// Ready means running. Invariants (M1 to M8 of the architecture):
//   M1 settled once: `settle` below is where a delivery's ack and giveBack are called
//   M2 publish, then ack: emit.ts awaits every acknowledgement before an attempt resolves to `ack`
//   M3 leases: `renewLeases` reaches every delivery held here, started or not, never past its deadline
//   M4 starts are counted in the broker before `handle`: attempt-ledger.ts
//   M5 the error decides: settlement.ts
//   M6 stopping: `stop` below
//   M7 what may be repeated says so to its handler: `mayBeRepeated` below; llm-router looks what came of it
//   M8 large bodies by claim check: claim-check.ts, in publisher.ts and decode-message.ts

import type { JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { cancelSubject, durableOf, type Lane, lanes, type Stage, topology } from "@nocp/contracts/topology.ts";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { Logger } from "pino";
import type { AttemptLedger } from "../transport/attempt-ledger.ts";
import type { BrokerMessage } from "../transport/broker-message.ts";
import type { ClaimCheck } from "../transport/claim-check.ts";
import { Delivery } from "../transport/delivery.ts";
import { claimHeader } from "../transport/message-headers.ts";
import { createPullSubscription, type PullSubscription } from "../transport/pull-subscription.ts";
import { createSlots } from "../transport/slots.ts";
import type { MessagingSettings } from "../transport/stream-definitions.ts";
import { addressOf } from "./decode-message.ts";
import { type Load, roomOf, selectLane } from "./lane-schedule.ts";
import { type Settlement, ShutdownSignal } from "./settlement.ts";
import type { StageAttempt } from "./stage-attempt.ts";

export type RunnerState = "starting" | "running" | "draining" | "stopped" | "failed";

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
  readonly connection: NatsConnection;
  readonly ledger: AttemptLedger;
  readonly claims: ClaimCheck;
  /** The stage's last stream sequence when this runner started: up to it, a first delivery may not be the first. */
  readonly lastSequenceBefore: number;
  readonly settings: MessagingSettings;
  readonly logger: Logger;
  readonly now: () => number;
  /** All interceptors around the handler; never rejects. */
  readonly attempt: (attempt: StageAttempt) => Promise<Settlement>;
}

interface Held {
  slot: number;
  readonly delivery: Delivery;
  readonly mayBeRepeated: boolean;
  attempt: StageAttempt | undefined;
}

export function createStageRunner(dependencies: RunnerDependencies): StageRunner {
  const { stage, connection, ledger, claims, settings, logger, now } = dependencies;
  let state: RunnerState = "starting";
  const durables: Record<Lane, string> = { interactive: durableOf(stage, "interactive"), batch: durableOf(stage, "batch") };
  const queues: Record<Lane, Held[]> = { interactive: [], batch: [] };
  const runningCount: Record<Lane, number> = { interactive: 0, batch: 0 };
  /** Every delivery in this process. */
  const held = createSlots<Held>();
  const subscriptions: PullSubscription[] = [];
  /** Suspects of having killed the process run one after the other. */
  let suspects: Promise<unknown> = Promise.resolve();

  const keyOf = (delivery: Delivery) => `${delivery.durable}.${delivery.message.streamSequence}`;
  const isSame = (one: Delivery, other: Delivery) =>
    one.message.streamSequence === other.message.streamSequence && one.durable === other.durable;
  /** The highest sequence given to this process, or that the stream had before it. */
  const newest: Record<Lane, number> = {
    interactive: dependencies.lastSequenceBefore,
    batch: dependencies.lastSequenceBefore,
  };
  /** First handings-out come in order: of an earlier sequence the broker has forgotten that it handed it out. */
  const mayBeRepeated = ({ message, lane }: Delivery): boolean =>
    message.deliveryCount > 1 || message.streamSequence <= newest[lane];
  const load = (): Load => ({
    interactive: { queued: queues.interactive.length, running: runningCount.interactive },
    batch: { queued: queues.batch.length, running: runningCount.batch },
  });
  const refill = () => {
    for (const subscription of subscriptions) subscription.refill();
  };

  const receive = (lane: Lane, message: BrokerMessage) => {
    const delivery = new Delivery(message, lane, durables[lane]);
    const known = held.find((other) => isSame(other.delivery, delivery));
    if (known) return known.delivery.adopt(message);
    const entry: Held = { delivery, mayBeRepeated: mayBeRepeated(delivery), attempt: undefined, slot: 0 };
    newest[lane] = Math.max(newest[lane], message.streamSequence);
    entry.slot = held.put(entry);
    if (state !== "running") return void returnUnstarted(entry);
    queues[lane].push(entry);
    schedule();
  };

  const schedule = () => {
    if (state !== "running") return;
    for (;;) {
      const lane = selectLane(load(), settings.concurrency, settings.batchShare);
      const entry = lane && queues[lane].shift();
      if (!lane || !entry) return;
      runningCount[lane] += 1;
      void run(entry).finally(() => {
        runningCount[lane] -= 1;
        held.take(entry.slot);
        schedule();
        refill();
      });
    }
  };

  const run = async (entry: Held): Promise<void> => {
    const { delivery, mayBeRepeated } = entry;
    const startedAt = now();
    const attempt: StageAttempt = {
      stage,
      delivery,
      addressed: addressOf(delivery.message),
      startedAt,
      queueWaitMs: Math.max(0, startedAt - delivery.message.storedAt),
      controller: new AbortController(),
      mayBeRepeated,
      start: { attempt: 1 },
      decoded: undefined,
      traceContext: ROOT_CONTEXT,
      span: undefined,
    };
    entry.attempt = attempt;
    try {
      // Only a message that may have been handed out before costs a look into the ledger (M4).
      if (mayBeRepeated) await runAgain(attempt);
      else await settle(attempt, await dependencies.attempt(attempt));
    } catch (error) {
      logger.error(
        { err: (error as Error).name, requestId: attempt.addressed.requestId },
        "a delivery could not be settled; its lease runs out",
      );
    }
  };

  /** Suspects take turns, and a start counts when its turn has come: who dies waiting has not been started. */
  const runAgain = async (attempt: StageAttempt): Promise<void> => {
    const key = keyOf(attempt.delivery);
    const { deliveryCount } = attempt.delivery.message;
    const start = async () => {
      attempt.start = await ledger.start(key, deliveryCount);
      await settle(attempt, await dependencies.attempt(attempt));
    };
    await ((await ledger.isSuspect(key, deliveryCount)) ? alone(start) : start());
  };

  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = suspects.then(work);
    suspects = turn.catch(() => {});
    return turn;
  };

  /** M1: the one place where a started delivery is settled. */
  const settle = async ({ delivery, start }: StageAttempt, settlement: Settlement): Promise<void> => {
    switch (settlement.kind) {
      case "retry":
        await ledger.end(keyOf(delivery), start);
        return delivery.giveBack(settlement.delayMs);
      case "return":
        await ledger.takeBack(keyOf(delivery), start);
        return delivery.giveBack(0);
      default:
        if (delivery.message.headers?.get(claimHeader)) void ackThenDiscard(delivery).catch(() => {});
        else delivery.ack();
    }
  };

  /** M8: a redelivery needs the stored body, so the broker says first that there will be none; else its time to live ends it. */
  const ackThenDiscard = async (delivery: Delivery): Promise<void> => {
    await delivery.ackConfirmed();
    await claims.discard(delivery.message.headers);
  };

  const returnUnstarted = async (entry: Held): Promise<void> => {
    held.take(entry.slot);
    await ledger.takeBack(keyOf(entry.delivery), undefined).catch(() => {});
    if (!entry.delivery.settled) entry.delivery.giveBack(0);
  };

  const renewLeases = () => {
    held.forEach(({ delivery, attempt }) => {
      const deadlineAt = attempt?.decoded?.deadlineAt ?? Number.POSITIVE_INFINITY;
      if (now() < deadlineAt + settings.ackWaitMs) delivery.renew();
    });
  };

  const cancellations = connection.subscribe(cancelSubject("*"), {
    callback: (_error, message) => {
      const requestId = message.subject.split(".").at(-1);
      held.forEach(({ attempt }) => {
        if (attempt?.addressed.requestId === requestId)
          attempt?.controller.abort(new NocpError("CANCELLED", "the caller cancelled the request"));
      });
    },
  });
  const leases = setInterval(renewLeases, settings.ackWaitMs / 3);

  return {
    get state() {
      return state;
    },
    get running() {
      return runningCount.interactive + runningCount.batch;
    },
    start() {
      if (state !== "starting") throw new Error(`cannot start a runner that is ${state}`);
      state = "running";
      for (const lane of lanes) {
        subscriptions.push(
          createPullSubscription(connection, {
            stream: topology[stage].stream,
            durable: durables[lane],
            room: () => roomOf(lane, load(), settings.concurrency, settings.batchShare),
            onMessage: (message) => receive(lane, message),
            onProblem: (description) => logger.warn({ durable: durables[lane], description }, "the broker refused a pull"),
          }),
        );
      }
    },
    async stop() {
      if (state === "draining" || state === "stopped") return;
      state = "draining";
      for (const subscription of subscriptions) subscription.stop();
      const unstarted = lanes.flatMap((lane) => queues[lane].splice(0));
      await Promise.all(unstarted.map(returnUnstarted));
      await drained(() => held.size === 0, settings.gracePeriodMs);
      held.forEach(({ attempt }) => {
        attempt?.controller.abort(new ShutdownSignal());
      });
      await drained(() => held.size === 0, ABORT_WAIT_MS);
      for (const subscription of subscriptions) subscription.close();
      cancellations.unsubscribe();
      clearInterval(leases);
      state = "stopped";
    },
  };
}

/** The last sequence in a stage's stream; 0 for none. @throws Error when the stream does not exist. */
export const lastSequenceOf = async (manager: JetStreamManager, stage: Stage): Promise<number> =>
  (await manager.streams.info(topology[stage].stream)).state.last_seq;

/** How long handlers may take to end after they were aborted. */
const ABORT_WAIT_MS = 2_000;

async function drained(done: () => boolean, withinMs: number): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  while (!done() && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 10));
}
