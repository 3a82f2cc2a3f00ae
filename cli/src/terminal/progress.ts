// A progress bar on stderr: drawn for a person, absent everywhere else.
import cliProgress from "cli-progress";
import type { Terminal } from "./terminal.ts";

export interface Progress {
  /** Moves on by one step. @param doing what is being done now. */
  step(doing: string): void;
  /** Takes the bar away. */
  end(): void;
}

export function startProgress(terminal: Terminal, steps: number, doing: string): Progress {
  if (!terminal.isInteractive) return { step: () => undefined, end: () => undefined };
  const bar = new cliProgress.SingleBar({
    format: "{bar} {value}/{total} {doing}",
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    stream: process.stderr,
  });
  bar.start(steps, 0, { doing });
  return {
    step: (next) => bar.increment(1, { doing: next }),
    end: () => bar.stop(),
  };
}
