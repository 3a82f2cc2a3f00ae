// Reading a part of an open file by lines or bytes, never more than a limit.
import type { FileHandle } from "node:fs/promises";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { encodingOf, encodingSampleBytes, type TextEncoding } from "./text-encoding.ts";

/** Lines count from 1 and include both ends; bytes count from 0. Absent: the whole file. */
export type FileRange =
  | { readonly unit: "lines"; readonly from: number; readonly to: number }
  | { readonly unit: "bytes"; readonly from: number; readonly length: number };

/** Even, so that it holds whole units of UTF-16. */
const chunkBytes = 256 * 1024;

/** The encoding of an open file, by its beginning. */
export async function encodingIn(handle: FileHandle): Promise<TextEncoding> {
  const sample = Buffer.alloc(encodingSampleBytes);
  const { bytesRead } = await handle.read(sample, 0, sample.length, 0);
  return encodingOf(sample.subarray(0, bytesRead));
}

/**
 * Does not rely on the file's size: files in /proc have none, and a log grows while it is read.
 * @returns the bytes of the range; fewer where the file ends.
 * @throws NocpError TOOL_OUTPUT_TOO_LARGE, or the signal's reason.
 */
export async function readRange(
  handle: FileHandle,
  range: FileRange | undefined,
  encoding: TextEncoding,
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
    if (range?.unit !== "lines") {
      position += bytesRead;
      keep(chunk.subarray(0, bytesRead));
      continue;
    }
    // Half a unit is read again with its other half, unless it is the end.
    const usedBytes = encoding === "utf-8" || bytesRead === 1 ? bytesRead : bytesRead - (bytesRead % 2);
    position += usedBytes;
    const part = linesOf(chunk.subarray(0, usedBytes), line, range.from, range.to, encoding);
    keep(part.wanted);
    line = part.nextLine;
    if (line > range.to) break;
  }
  return Buffer.concat(kept);
}

/** Which bytes of a chunk belong to the lines asked for. UTF-8 never holds 0x0A inside a character. */
function linesOf(
  chunk: Buffer,
  firstLine: number,
  from: number,
  to: number,
  encoding: TextEncoding,
): { wanted: Buffer; nextLine: number } {
  let line = firstLine;
  let start = line >= from ? 0 : -1;
  for (let end = lineEnd(chunk, 0, encoding); end >= 0; end = lineEnd(chunk, end, encoding)) {
    line += 1;
    if (line === from) start = end;
    if (line > to) return { wanted: start < 0 ? chunk.subarray(0, 0) : chunk.subarray(start, end), nextLine: line };
  }
  return { wanted: start < 0 ? chunk.subarray(0, 0) : chunk.subarray(start), nextLine: line };
}

const lineBreaks = { "utf-8": "\n", "utf-16le": "\n\0", "utf-16be": "\0\n" } as const;

/** Where the next line begins, or -1. In UTF-16 the bytes of a line break may also be two halves of other units. */
function lineEnd(chunk: Buffer, from: number, encoding: TextEncoding): number {
  const lineBreak = lineBreaks[encoding];
  let at = chunk.indexOf(lineBreak, from, "latin1");
  while (at >= 0 && at % lineBreak.length !== 0) at = chunk.indexOf(lineBreak, at + 1, "latin1");
  return at < 0 ? -1 : at + lineBreak.length;
}
