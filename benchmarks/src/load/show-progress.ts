// Progress of a long measurement on standard error, for a person only.

const redrawMs = 200;

export function showProgress(what: string): (done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => {};
  let drawnAt = 0;
  return (done, total) => {
    const now = Date.now();
    if (done < total && now - drawnAt < redrawMs) return;
    drawnAt = now;
    process.stderr.write(done < total ? `\r${what}: ${done} of ${total}` : "\r\u001b[K");
  };
}
