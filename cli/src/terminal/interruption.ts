// Ctrl-C, SIGTERM, a closed terminal or pipe: a command that must clean up captures the first one.
import { exitCodes } from "./exit-code.ts";

export interface Interruption {
  /** From now on these only fire the returned AbortSignal; a second Ctrl-C or SIGTERM still ends the process. */
  capture(): AbortSignal;
  /** The command does nothing but write output, for as long as there is input: it ends as soon as nobody reads it. */
  endWithReader(): void;
  /**
   * The output is no longer read, e.g. because of `| head`. That is not a failure. A command that captured is told to stop;
   * any other runs to its end without output, because its exit code may still matter.
   */
  readerGone(): void;
  /** Whether any of these happened. */
  hasFired(): boolean;
}

export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
}

/** @param endProcess ends the process with an exit code. */
export function createInterruption(source: SignalSource, endProcess: (exitCode: number) => void): Interruption {
  const controller = new AbortController();
  let isCaptured = false;
  let endsWithReader = false;
  const stop = () => {
    if (!isCaptured) endProcess(exitCodes.interrupted);
    controller.abort();
  };
  const onSignal = () => {
    if (controller.signal.aborted) endProcess(exitCodes.interrupted);
    stop();
  };
  source.on("SIGINT", onSignal);
  source.on("SIGTERM", onSignal);
  // A closing terminal sends it more than once, which does not mean that the user is impatient.
  source.on("SIGHUP", stop);
  return {
    capture: () => {
      isCaptured = true;
      return controller.signal;
    },
    endWithReader: () => {
      endsWithReader = true;
    },
    readerGone: () => {
      if (isCaptured) controller.abort();
      else if (endsWithReader) endProcess(exitCodes.ok);
    },
    hasFired: () => controller.signal.aborted,
  };
}

/** Resolves at once if the signal has already fired. */
export const untilAborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
