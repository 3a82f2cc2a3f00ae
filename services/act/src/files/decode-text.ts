// Bytes of a file as text, and text as JSON where it is JSON.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { parseKeepingDigits } from "@nocp/contracts/json/exact-numbers.ts";
import type { JsonValue } from "../tool-output.ts";
import type { TextEncoding } from "./text-encoding.ts";

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Without the characters that a byte range cut at its ends; a character of UTF-8 has at most 4 bytes. */
function wholeCharacters(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  for (let back = 1; back <= Math.min(4, bytes.length - start); back += 1) {
    const byte = bytes[bytes.length - back];
    if (byte === undefined || isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return bytes.subarray(start, length > back ? bytes.length - back : bytes.length);
  }
  return bytes.subarray(start);
}

/** The same of UTF-16, whose units are two bytes and whose characters one unit or two. @param isOdd the range begins inside a unit. */
function wholeUnits(bytes: Buffer, isOdd: boolean, encoding: "utf-16le" | "utf-16be"): Buffer {
  const start = isOdd ? 1 : 0;
  const units = bytes.subarray(start, start + 2 * Math.floor((bytes.length - start) / 2));
  const highByteOf = (unit: number): number => units[unit * 2 + (encoding === "utf-16le" ? 1 : 0)] ?? 0;
  const last = units.length / 2 - 1;
  const beginsInPair = (highByteOf(0) & 0xfc) === 0xdc;
  const endsInPair = last >= 0 && (highByteOf(last) & 0xfc) === 0xd8;
  return units.subarray(beginsInPair ? 2 : 0, endsInPair ? units.length - 2 : units.length);
}

/** Where a byte range that may have cut characters at its ends begins. */
export interface BytePart {
  readonly fromByte: number;
}

/**
 * A byte order mark is left out.
 * @param part absent: the bytes begin and end with whole characters.
 * @throws NocpError TOOL_REFUSED for what is no text in this encoding.
 */
export function decodeText(bytes: Buffer, shown: string, encoding: TextEncoding, part?: BytePart): string {
  const isUtf8 = encoding === "utf-8";
  if (!(isUtf8 && bytes.includes(0))) {
    try {
      const cut = () => (isUtf8 ? wholeCharacters(bytes) : wholeUnits(bytes, (part?.fromByte ?? 0) % 2 === 1, encoding));
      return new TextDecoder(encoding, { fatal: true }).decode(part === undefined ? bytes : cut());
    } catch {
      // Reported below, as for bytes that hold NUL.
    }
  }
  throw new NocpError("TOOL_REFUSED", `${shown} is neither UTF-8 nor UTF-16 text`);
}

export type ParseMode = "auto" | "json" | "text";

/**
 * In `auto`, JSON is recognised by `kind` and falls back to text; in `json` it must be JSON.
 * @param kind `json` for one document, `jsonl` for one a line.
 * @throws NocpError TOOL_REFUSED
 */
export function parseContent(text: string, mode: ParseMode, kind: "json" | "jsonl" | "other", shown: string): JsonValue {
  if (mode === "text" || (mode === "auto" && kind === "other")) return text;
  try {
    if (kind !== "jsonl") return parseKeepingDigits(text) as JsonValue;
    return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [parseKeepingDigits(line) as JsonValue]));
  } catch (error) {
    if (mode === "auto") return text;
    throw new NocpError("TOOL_REFUSED", `${shown} is not JSON: ${(error as Error).message.slice(0, 120)}`, {
      advice: 'Ask for it with parse "text".',
    });
  }
}
