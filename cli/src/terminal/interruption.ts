// Ctrl-C, SIGTERM, a closed terminal or pipe: a command that has something to put away captures the first one.
import { exitCodes } from "./exit-code.ts";

export interface Interruption {
  /** From now on what would end the process only fires the returned AbortSignal; a second Ctrl-C or SIGTERM still ends it. */
  capture(): AbortSignal;
  /** Nobody reads the output any more, e.g. behind `| head`: the command may end, and that is no failure. */
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
  const stop = (exitCode: number) => {
    if (!isCaptured) endProcess(exitCode);
    controller.abort();
  };
  const onSignal = () => {
    if (controller.signal.aborted) endProcess(exitCodes.interrupted);
    stop(exitCodes.interrupted);
  };
  source.on("SIGINT", onSignal);
  source.on("SIGTERM", onSignal);
  // A terminal that closes sends it more than once, and nobody is impatient.
  source.on("SIGHUP", () => stop(exitCodes.interrupted));
  return {
    capture: () => {
      isCaptured = true;
      return controller.signal;
    },
    readerGone: () => stop(exitCodes.ok),
    hasFired: () => controller.signal.aborted,
  };
}

/** Also when the signal has fired already. */
export const untilAborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
