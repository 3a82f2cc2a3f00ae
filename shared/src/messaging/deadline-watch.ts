// One timer for all deadlines: what is in hand usually ends long before its own, and a timer for each costs more than it.
import { createSlots } from "./slots.ts";

export interface DeadlineWatch {
  /**
   * Calls back once when the deadline has passed, not before.
   * @param deadlineAt milliseconds since the epoch.
   * @returns a function that ends the watching.
   */
  watch(deadlineAt: number, onPassed: () => void): () => void;
}

interface Watched {
  readonly deadlineAt: number;
  readonly onPassed: () => void;
}

/** Timers hold at most 2^31-1 ms (24.8 days). */
const LONGEST_TIMER_MS = 2_147_483_647;

/** @param now milliseconds since the epoch. */
export function createDeadlineWatch(now: () => number): DeadlineWatch {
  const watched = createSlots<Watched>();
  let timer: NodeJS.Timeout | undefined;
  /** When the timer fires: no later than the nearest deadline. */
  let nextAt = Number.POSITIVE_INFINITY;

  const arm = (at: number) => {
    clearTimeout(timer);
    nextAt = at;
    // Whole milliseconds, rounded up: a timer of 0.3 ms fires at once.
    timer = setTimeout(look, Math.min(Math.max(0, Math.ceil(at - now())), LONGEST_TIMER_MS)).unref();
  };
  const look = () => {
    const passed: Watched[] = [];
    let nearest = Number.POSITIVE_INFINITY;
    const at = now();
    watched.forEach((entry, slot) => {
      if (entry.deadlineAt > at) nearest = Math.min(nearest, entry.deadlineAt);
      else {
        watched.take(slot);
        passed.push(entry);
      }
    });
    nextAt = Number.POSITIVE_INFINITY;
    if (nearest < nextAt) arm(nearest);
    for (const { onPassed } of passed) onPassed();
  };

  return {
    watch(deadlineAt, onPassed) {
      const entry = { deadlineAt, onPassed };
      const slot = watched.put(entry);
      if (deadlineAt < nextAt) arm(deadlineAt);
      return () => {
        // The slot may have been given to another one since.
        if (watched.get(slot) === entry) watched.take(slot);
      };
    },
  };
}
