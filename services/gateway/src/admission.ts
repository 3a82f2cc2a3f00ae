// Which calls are taken: as many at once as the gateway can hold, and none once it stops.

/** For the last words of calls that were told to end; a client that does not read them is left. */
const goodbyeMs = 2_000;

/** States: open → draining (nothing new; what runs may end) → over (what still runs is told to end). */
export interface Admission {
  /** @returns undefined when the call has to be refused. */
  enter(): AdmittedCall | undefined;
  readonly active: number;
  readonly isDraining: boolean;
  /** Resolves when no call is left, or after the grace period, when those left were told to end. */
  drain(gracePeriodMs: number): Promise<void>;
}

export interface AdmittedCall {
  /** Aborted when the gateway cannot wait any longer. */
  readonly signal: AbortSignal;
  leave(): void;
}

export function createAdmission(maxConcurrent: number): Admission {
  const running = new Set<AbortController>();
  let isDraining = false;
  let onEmpty = (): void => {};
  return {
    enter() {
      if (isDraining || running.size >= maxConcurrent) return undefined;
      const controller = new AbortController();
      running.add(controller);
      return {
        signal: controller.signal,
        leave: () => {
          if (running.delete(controller) && running.size === 0) onEmpty();
        },
      };
    },
    get active() {
      return running.size;
    },
    get isDraining() {
      return isDraining;
    },
    async drain(gracePeriodMs) {
      isDraining = true;
      if (running.size === 0) return;
      const empty = new Promise<void>((resolve) => {
        onEmpty = resolve;
      });
      const grace = setTimeout(() => {
        for (const controller of running) controller.abort();
      }, gracePeriodMs);
      const { promise: over, resolve: giveUp } = Promise.withResolvers<void>();
      const last = setTimeout(giveUp, gracePeriodMs + goodbyeMs);
      await Promise.race([empty, over]);
      clearTimeout(grace);
      clearTimeout(last);
    },
  };
}
