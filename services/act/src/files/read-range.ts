// Reading a part of an open file by lines or bytes, never more than a limit.
import type { FileHandle } from "node:fs/promises";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** Lines count from 1 and include both ends; bytes count from 0. Absent: the whole file. */
export type FileRange =
  | { readonly unit: "lines"; readonly from: number; readonly to: number }
  | { readonly unit: "bytes"; readonly from: number; readonly length: number };

const chunkBytes = 256 * 1024;
const newline = 0x0a;

/**
 * Does not rely on the file's size: files in /proc have none, and a log grows while it is read.
 * @returns the bytes of the range; fewer where the file ends.
 * @throws NocpError TOOL_OUTPUT_TOO_LARGE, or the signal's reason.
 */
export async function readRange(
  handle: FileHandle,
  range: FileRange | undefined,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  const keep = (piece: Buffer): void => {
    keptBytes += piece.length;
    if (keptBytes > maxBytes) {
      throw new NocpError("TOOL_OUTPUT_TOO_LARGE", `the file, or the requested part of it, is longer than ${maxBytes} bytes`, {
        advice: "Ask for fewer lines or bytes, use file.search, or raise act.maxResultBytes.",
      });
    }
    kept.push(piece);
  };
  let position = range?.unit === "bytes" ? range.from : 0;
  const endPosition = range?.unit === "bytes" ? range.from + range.length : Number.POSITIVE_INFINITY;
  let line = 1;
  while (position < endPosition) {
    signal.throwIfAborted();
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, endPosition - position));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const filled = chunk.subarray(0, bytesRead);
    if (range?.unit !== "lines") {
      keep(filled);
      continue;
    }
    const part = linesOf(filled, line, range.from, range.to);
    keep(part.wanted);
    line = part.nextLine;
    if (line > range.to) break;
  }
  return Buffer.concat(kept);
}

/** Which bytes of a chunk belong to the lines asked for. UTF-8 never holds 0x0A inside a character. */
function linesOf(chunk: Buffer, firstLine: number, from: number, to: number): { wanted: Buffer; nextLine: number } {
  let line = firstLine;
  let start = line >= from ? 0 : -1;
  for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) {
    line += 1;
    if (line === from) start = at + 1;
    if (line > to) return { wanted: start < 0 ? chunk.subarray(0, 0) : chunk.subarray(start, at + 1), nextLine: line };
  }
  return { wanted: start < 0 ? chunk.subarray(0, 0) : chunk.subarray(start), nextLine: line };
}
