// Why an attempt has to end early.

/** Most attempts end without, and without anybody who asks for a signal: neither that nor its listeners are made for them. */
export interface Interruption {
  readonly aborted: boolean;
  /** Given to `abort`; decides the settlement. */
  readonly reason: unknown;
  /** For I/O. Fires with the reason. */
  readonly signal: AbortSignal;
  /** Only the first call counts. */
  abort(reason: unknown): void;
  /** Calls back once, when it is aborted; right away when it has been. */
  onAbort(listener: () => void): void;
}

export function createInterruption(): Interruption {
  let aborted = false;
  let reason: unknown;
  let controller: AbortController | undefined;
  let listeners: (() => void)[] = [];
  return {
    get aborted() {
      return aborted;
    },
    get reason() {
      return reason;
    },
    get signal() {
      if (!controller) {
        controller = new AbortController();
        if (aborted) controller.abort(reason);
      }
      return controller.signal;
    },
    abort(why) {
      if (aborted) return;
      aborted = true;
      reason = why;
      controller?.abort(why);
      const waiting = listeners;
      listeners = [];
      for (const listener of waiting) listener();
    },
    onAbort(listener) {
      if (aborted) listener();
      else listeners.push(listener);
    },
  };
}
