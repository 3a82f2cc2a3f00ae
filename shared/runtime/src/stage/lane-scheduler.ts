// Which lane's message is handled next, and how many messages a lane may hold.
import { type Lane, lanes } from "@nocp/contracts/topology.ts";

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
  roomOf(lane: Lane): number;
  enqueue(lane: Lane, entry: T): void;
  /** Starts nothing more. @returns what was not started. */
  stop(): T[];
}

export function createLaneScheduler<T>({ concurrency, batchShare, run, onRoom }: SchedulerOptions<T>): LaneScheduler<T> {
  const queues: Record<Lane, T[]> = { interactive: [], batch: [] };
  const running: Record<Lane, number> = { interactive: 0, batch: 0 };
  let settling = 0;
  let stopped = false;
  const load = (): Load => ({
    interactive: { queued: queues.interactive.length, running: running.interactive },
    batch: { queued: queues.batch.length, running: running.batch },
  });
  const startWaiting = () => {
    while (!stopped) {
      const lane = selectLane(load(), concurrency, batchShare);
      const entry = lane && queues[lane].shift();
      if (!lane || !entry) return;
      start(lane, entry);
    }
  };
  const start = (lane: Lane, entry: T) => {
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
      return running.interactive + running.batch + settling;
    },
    roomOf: (lane) => roomOf(lane, load(), concurrency, batchShare),
    enqueue(lane, entry) {
      queues[lane].push(entry);
      startWaiting();
    },
    stop() {
      stopped = true;
      return lanes.flatMap((lane) => queues[lane].splice(0));
    },
  };
}
