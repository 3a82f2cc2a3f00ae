// Errors that a tool's callbacks throw where no promise carries them: they reach the process instead of the call.
import { AsyncLocalStorage } from "node:async_hooks";

/** Whose code is running, also in callbacks that outlive the call. */
export interface RunningCode {
  readonly toolName: string;
  /** Ends the call with the error. @returns false when the call was over already. */
  fail(thrown: unknown): boolean;
}

export interface StrayErrors {
  /** Runs a tool's code: whatever its callbacks throw, however late, is known to be its own. */
  attribute<T>(code: RunningCode, work: () => T): T;
  /** Runs code of NOCP that a tool calls: its errors are not the tool's. */
  disown<T>(work: () => T): T;
  /**
   * Takes an exception that nothing caught.
   * @returns whether the process may go on: true for a tool's error, unless they come so fast that nothing else runs.
   */
  receive(thrown: unknown): boolean;
}

export interface StrayErrorsDependencies {
  /** Milliseconds. */
  readonly now: () => number;
  readonly report: (toolName: string, thrown: unknown) => void;
  /** Called once, when calls that are over keep throwing: what they left behind goes away with the process alone. */
  readonly stopService: () => void;
}

const minuteMs = 60_000;
/** Errors a minute after their calls were over: a timer or two that a tool forgot pass, a loop does not. */
const maxLateErrors = 1000;
/** More than an orderly stop can be waited for. */
const maxLateErrorsWhileStopping = 10 * maxLateErrors;

export function createStrayErrors({ now, report, stopService }: StrayErrorsDependencies): StrayErrors {
  const running = new AsyncLocalStorage<RunningCode | undefined>();
  let minuteStartedAt = Number.NEGATIVE_INFINITY;
  let lateErrors = 0;
  let stopping = false;

  const disown = <T>(work: () => T): T => running.run(undefined, work);

  const countLateError = (): void => {
    if (!stopping && now() - minuteStartedAt >= minuteMs) {
      minuteStartedAt = now();
      lateErrors = 0;
    }
    lateErrors += 1;
    if (stopping || lateErrors <= maxLateErrors) return;
    stopping = true;
    disown(stopService);
  };

  return {
    attribute: (code, work) => running.run(code, work),
    disown,
    receive(thrown) {
      const code = running.getStore();
      if (!code) return false;
      if (!stopping) report(code.toolName, thrown);
      if (!code.fail(thrown)) countLateError();
      return lateErrors <= maxLateErrorsWhileStopping;
    },
  };
}
