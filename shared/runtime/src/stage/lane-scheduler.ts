// Which lane's message is handled next, and how many messages a lane may hold.
import { type Lane, type QueueLane, queueLanes } from "@nocp/contracts/topology.ts";

export interface LaneLoad {
  /** Received and not started. */
  readonly queued: number;
  readonly running: number;
}
export type Load = Readonly<Record<Lane, LaneLoad>>;

/** Slots that each lane keeps for itself: at least one, when there are two or more. */
export const reservedSlots = (concurrency: number, batchShare: number): number =>
  concurrency < 2 ? 0 : Math.max(1, Math.floor(concurrency * batchShare));

/**
 * The lane whose next message starts, or `undefined` when no slot is free or nothing waits. Interactive goes first, but
 * the batch lane always gets its reserved slots, and never takes the last ones, so neither lane stands still.
 */
export function selectLane(load: Load, concurrency: number, batchShare: number): Lane | undefined {
  const reserved = reservedSlots(concurrency, batchShare);
  const { interactive, batch } = load;
  if (interactive.running + batch.running >= concurrency) return undefined;
  if (batch.queued > 0 && batch.running < reserved) return "batch";
  if (interactive.queued > 0 && (batch.queued === 0 || interactive.running < concurrency - reserved || reserved === 0))
    return "interactive";
  if (batch.queued > 0 && batch.running < Math.max(1, concurrency - reserved)) return "batch";
  return interactive.queued > 0 ? "interactive" : undefined;
}

/** How many more messages of a lane may be pulled: never more than could start soon. */
export function roomOf(lane: Lane, load: Load, concurrency: number, batchShare: number): number {
  const held = load[lane].queued + load[lane].running;
  if (lane === "interactive") return concurrency - held;
  const reserved = reservedSlots(concurrency, batchShare);
  const interactiveHeld = load.interactive.queued + load.interactive.running;
  const mayHold = interactiveHeld > 0 ? Math.max(1, reserved) : Math.max(1, concurrency - reserved);
  return mayHold - held;
}

/**
 * Which of the messages of the interactive lane starts next: where some wait that passed the line, they and the line take turns,
 * so that neither stands still.
 */
export const selectTurn = (waiting: { readonly line: number; readonly passing: number }, lastPassed: boolean): QueueLane =>
  waiting.passing > 0 && (waiting.line === 0 || !lastPassed) ? "passing" : "interactive";

/** Messages that passed the line which a service holds beside those that run. */
export const mostPassing = (concurrency: number): number => Math.max(1, Math.floor(concurrency / 4));

export interface SchedulerOptions<T> {
  readonly concurrency: number;
  readonly batchShare: number;
  /**
   * Never rejects. @param handled says that what is left is waiting for the broker, which stores what was emitted: the slot is
   * free for the next entry then, as long as few others wait so.
   */
  readonly run: (entry: T, handled: () => void) => Promise<void>;
  /** A slot is free again: there may be room for more messages. */
  readonly onRoom: () => void;
}

/**
 * Entries that may wait for the broker beside those that have a slot. Storing takes a small part of the time that handling does;
 * where it takes longer, because the broker is slow or the next stage's queue is full, nothing more is started.
 */
export const mostSettling = (concurrency: number): number => Math.ceil(concurrency / 4);

/** Starts what waits as slots become free. */
export interface LaneScheduler<T> {
  /** Entries being run, to their settlement. */
  readonly running: number;
  roomOf(lane: QueueLane): number;
  enqueue(lane: QueueLane, entry: T): void;
  /** Starts nothing more. @returns what was not started. */
  stop(): T[];
}

export function createLaneScheduler<T>({ concurrency, batchShare, run, onRoom }: SchedulerOptions<T>): LaneScheduler<T> {
  const queues: Record<QueueLane, T[]> = { interactive: [], batch: [], passing: [] };
  const running: Record<QueueLane, number> = { interactive: 0, batch: 0, passing: 0 };
  let settling = 0;
  let stopped = false;
  let lastPassed = false;
  const load = (): Load => ({
    interactive: {
      queued: queues.interactive.length + queues.passing.length,
      running: running.interactive + running.passing,
    },
    batch: { queued: queues.batch.length, running: running.batch },
  });
  const turnOf = (lane: Lane): QueueLane => {
    if (lane !== "interactive") return lane;
    const turn = selectTurn({ line: queues.interactive.length, passing: queues.passing.length }, lastPassed);
    lastPassed = turn === "passing";
    return turn;
  };
  const startWaiting = () => {
    while (!stopped) {
      const lane = selectLane(load(), concurrency, batchShare);
      const turn = lane && turnOf(lane);
      const entry = turn && queues[turn].shift();
      if (!turn || !entry) return;
      start(turn, entry);
    }
  };
  const start = (lane: QueueLane, entry: T) => {
    let place: "slot" | "settling" | "none" = "slot";
    const leaveSlot = () => {
      running[lane] -= 1;
      startWaiting();
      onRoom();
    };
    running[lane] += 1;
    const handled = () => {
      if (place !== "slot" || settling >= mostSettling(concurrency)) return;
      place = "settling";
      settling += 1;
      leaveSlot();
    };
    void run(entry, handled).finally(() => {
      const last = place;
      place = "none";
      if (last === "settling") settling -= 1;
      else leaveSlot();
    });
  };
  return {
    get running() {
      return running.interactive + running.passing + running.batch + settling;
    },
    roomOf(lane) {
      if (lane === "batch") return roomOf(lane, load(), concurrency, batchShare);
      if (lane === "passing") return mostPassing(concurrency) - queues.passing.length;
      // The line always has one that can take its turn.
      return Math.max(1, concurrency - running.passing) - queues.interactive.length - running.interactive;
    },
    enqueue(lane, entry) {
      queues[lane].push(entry);
      startWaiting();
    },
    stop() {
      stopped = true;
      return queueLanes.flatMap((lane) => queues[lane].splice(0));
    },
  };
}
