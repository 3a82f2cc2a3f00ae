// Bytes of a file as text, and text as JSON where it is JSON.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { parseKeepingDigits } from "@nocp/contracts/json/exact-numbers.ts";
import type { JsonValue } from "../tool-output.ts";

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

/**
 * @param isPart the bytes may begin or end inside a character.
 * @throws NocpError TOOL_REFUSED for what is not UTF-8 text.
 */
export function decodeText(bytes: Buffer, shown: string, isPart: boolean): string {
  if (!bytes.includes(0)) {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(isPart ? wholeCharacters(bytes) : bytes);
    } catch {
      // Reported below, as for bytes that hold NUL.
    }
  }
  throw new NocpError("TOOL_REFUSED", `${shown} is not UTF-8 text`);
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
