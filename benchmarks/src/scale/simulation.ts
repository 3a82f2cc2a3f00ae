// A discrete-event simulation: a clock that jumps from event to event, and servers that things queue for.

export interface Simulation {
  /** Milliseconds since it began. */
  readonly now: number;
  after(delayMs: number, run: () => void): void;
  /** Runs events in the order of their times until none is left, or the given time has come. */
  runUntil(timeMs: number): void;
}

interface Event {
  readonly at: number;
  /** Events of one time keep their order. */
  readonly number: number;
  readonly run: () => void;
}

const isBefore = (left: Event, right: Event): boolean =>
  left.at < right.at || (left.at === right.at && left.number < right.number);

export function createSimulation(): Simulation {
  /** A binary heap: the next event is the first. */
  const heap: Event[] = [];
  let now = 0;
  let scheduled = 0;
  const swap = (one: number, other: number) => {
    const kept = heap[one]!;
    heap[one] = heap[other]!;
    heap[other] = kept;
  };
  const add = (event: Event) => {
    heap.push(event);
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) break;
      swap(at, parent);
      at = parent;
    }
  };
  const takeFirst = (): Event | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const smaller = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (!isBefore(heap[smaller]!, heap[at]!)) break;
      swap(at, smaller);
      at = smaller;
    }
    return first;
  };
  return {
    get now() {
      return now;
    },
    after: (delayMs, run) => add({ at: now + delayMs, number: scheduled++, run }),
    runUntil(timeMs) {
      while (heap.length > 0 && heap[0]!.at <= timeMs) {
        const event = takeFirst()!;
        now = event.at;
        event.run();
      }
    },
  };
}

/** So many servers with one queue, first come, first served: slots of a stage, cores of a machine, the writer of a stream. */
export interface Station {
  /** Takes a server; call `leave` when it is free again. */
  enter(run: (leave: () => void) => void): void;
  /** Takes a server for a time. */
  serve(serviceMs: number, then: () => void): void;
  /** Summed time that servers were taken, in milliseconds. */
  busyMs(): number;
}

export function createStation(simulation: Simulation, servers: number): Station {
  const waiting: ((leave: () => void) => void)[] = [];
  /** Where the queue begins: what was taken from it is cut off now and then. */
  let first = 0;
  let taken = 0;
  let busyMs = 0;
  const begin = (run: (leave: () => void) => void) => {
    const since = simulation.now;
    taken += 1;
    run(() => {
      busyMs += simulation.now - since;
      taken -= 1;
      const next = waiting[first];
      if (next === undefined) return;
      first += 1;
      if (first > 1024 && first * 2 > waiting.length) {
        waiting.splice(0, first);
        first = 0;
      }
      begin(next);
    });
  };
  const enter: Station["enter"] = (run) => {
    if (taken < servers) begin(run);
    else waiting.push(run);
  };
  return {
    enter,
    serve: (serviceMs, then) =>
      enter((leave) =>
        simulation.after(serviceMs, () => {
          leave();
          then();
        }),
      ),
    busyMs: () => busyMs,
  };
}
