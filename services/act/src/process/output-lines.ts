// The lines that foreign code writes, whatever it writes: a line without an end, or gigabytes of them, take no memory.
import type { Readable } from "node:stream";

export interface LineReader {
  /** Called with each line, cut to `maxLineCharacters`. */
  readonly onLine: (line: string) => void;
  /** Whether lines are still read in full. If not, most of the output passes unread; the end of each piece is still looked at. */
  readonly isWanted: () => boolean;
}

export const maxLineCharacters = 1000;
/** Of a piece of unwanted output: enough for what V8 says when it runs out of memory. */
const lookedAtCharacters = 8000;

/** Reads the stream to its end, as fast as it comes. */
export function readLines(stream: Readable, { onLine, isWanted }: LineReader): void {
  let line = "";
  stream.setEncoding("utf8");
  stream.on("error", () => undefined);
  stream.on("end", () => {
    if (line !== "") onLine(line);
  });
  stream.on("data", (piece: string) => {
    const text = isWanted() ? piece : piece.slice(-lookedAtCharacters);
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf("\n", from);
      const until = end < 0 ? text.length : end;
      line += text.slice(from, Math.min(until, from + maxLineCharacters - line.length));
      if (end < 0) return;
      onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
      line = "";
      from = end + 1;
    }
  });
}
