// When requests come back that went back to the queue: one after the other, without gaps in which nobody would have a turn.

export interface ReturnTimes {
  readonly size: number;
  /**
   * Gives a request the first place that is free: one that comes back too early takes a place near the front again, not one
   * behind all others.
   * @param timeOf the time of a place, in milliseconds since the epoch; places count from 0, and later ones have later times.
   * @returns the time of its place.
   */
  add(requestId: string, timeOf: (place: number) => number): number;
  /** It has come back, or has ended. */
  delete(requestId: string): void;
  /** Those whose time has come are with another replica, if not here. */
  forgetUntil(at: number): void;
}

interface Return {
  readonly requestId: string;
  readonly at: number;
}

/** @param most requests that are remembered. */
export function createReturnTimes(most: number): ReturnTimes {
  /** Earliest first. */
  let returns: Return[] = [];
  const known = new Set<string>();
  return {
    get size() {
      return returns.length;
    },
    add(requestId, timeOf) {
      // A place is free when who comes next is nearer to the place after it.
      const next = returns.findIndex(({ at }, place) => at > (timeOf(place) + timeOf(place + 1)) / 2);
      const place = next === -1 ? returns.length : next;
      const at = timeOf(place);
      if (known.has(requestId) || returns.length >= most) return at;
      returns.splice(place, 0, { requestId, at });
      known.add(requestId);
      return at;
    },
    delete(requestId) {
      if (known.delete(requestId)) returns = returns.filter((other) => other.requestId !== requestId);
    },
    forgetUntil(at) {
      const left = returns.findIndex((other) => other.at >= at);
      for (const { requestId } of returns.splice(0, left === -1 ? returns.length : left)) known.delete(requestId);
    },
  };
}
