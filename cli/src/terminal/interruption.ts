// Ctrl-C and SIGTERM: a command that has something to put away captures the first one; a second ends the process at once.
import { exitCodes } from "./exit-code.ts";

export interface Interruption {
  /** From now on a first signal only fires the returned AbortSignal. */
  capture(): AbortSignal;
}

export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
}

/** @param endProcess ends the process with an exit code. */
export function createInterruption(source: SignalSource, endProcess: (exitCode: number) => void): Interruption {
  const controller = new AbortController();
  let isCaptured = false;
  const onSignal = () => {
    if (!isCaptured || controller.signal.aborted) endProcess(exitCodes.interrupted);
    controller.abort();
  };
  source.on("SIGINT", onSignal);
  source.on("SIGTERM", onSignal);
  return {
    capture: () => {
      isCaptured = true;
      return controller.signal;
    },
  };
}
