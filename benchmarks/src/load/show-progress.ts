// Progress of a long measurement on standard error: redrawn in place on a terminal, a line now and then elsewhere.

const redrawMs = 200;
/** Between two lines where nothing can be redrawn: often enough to see that it still runs. */
const lineMs = 10_000;

/** What progress is written to. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export function showProgress(
  what: string,
  output: ProgressOutput = process.stderr,
  now: () => number = Date.now,
): (done: number, total: number) => void {
  let drawnAt = output.isTTY ? 0 : now();
  return (done, total) => {
    const at = now();
    const isDue = at - drawnAt >= (output.isTTY ? redrawMs : lineMs);
    if (!isDue && !(output.isTTY && done >= total)) return;
    drawnAt = at;
    if (output.isTTY) output.write(done < total ? `\r${what}: ${done} of ${total}` : "\r\u001b[K");
    else output.write(`${what}: ${done} of ${total}\n`);
  };
}
