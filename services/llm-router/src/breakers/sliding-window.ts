// The calls of this process within a window of time, counted in slices of it.
import type { CallCounts, CallVerdict } from "./breaker-state.ts";

export interface SlidingWindow {
  add(verdict: CallVerdict, now: number): void;
  total(now: number): CallCounts;
  clear(): void;
}

/** A call leaves the window up to a tenth of it too early. */
const slices = 10;

export function createSlidingWindow(windowMs: number): SlidingWindow {
  const sliceMs = windowMs / slices;
  let counted = new Map<number, CallCounts>();
  const recent = (now: number): [number, CallCounts][] => {
    const oldest = Math.floor(now / sliceMs) - slices;
    return [...counted].filter(([slice]) => slice > oldest);
  };
  return {
    add(verdict, now) {
      if (verdict === "none") return;
      const slice = Math.floor(now / sliceMs);
      const { calls, failures, slow } = counted.get(slice) ?? { calls: 0, failures: 0, slow: 0 };
      if (!counted.has(slice)) counted = new Map(recent(now));
      counted.set(slice, {
        calls: calls + 1,
        failures: failures + (verdict === "failed" ? 1 : 0),
        slow: slow + (verdict === "slow" ? 1 : 0),
      });
    },
    total(now) {
      const parts = recent(now).map(([, counts]) => counts);
      const sum = (part: keyof CallCounts) => parts.reduce((total, counts) => total + counts[part], 0);
      return { calls: sum("calls"), failures: sum("failures"), slow: sum("slow") };
    },
    clear() {
      counted = new Map();
    },
  };
}
