// What a string holds: JSON of its own, or prose to be kept in parts.
import { parseKeepingDigits } from "@nocp/shared/json/exact-numbers.ts";

/** Strings longer than this are cut into fragments, each a leaf. */
export const fragmentCharacters = 240;

/** Parses a string that holds a JSON object or list; any other string is handed back as it is. */
export function embeddedJson(text: string): unknown {
  if (text.length < 2) return text;
  const start = text.charCodeAt(0);
  const first = start === 123 || start === 91 ? text[0] : start <= 32 ? text.trimStart()[0] : undefined;
  if (first !== "{" && first !== "[") return text;
  try {
    const value: unknown = parseKeepingDigits(text);
    return typeof value === "object" && value !== null ? value : text;
  } catch {
    return text;
  }
}

/** Lines, and sentences of long lines; each at most some hundred characters. */
export function fragmentsOf(text: string): string[] {
  const fragments: string[] = [];
  for (const line of text.split(/\n+/)) {
    if (line.length <= fragmentCharacters) {
      if (line.trim() !== "") fragments.push(line);
      continue;
    }
    for (const sentence of line.split(/(?<=[.!?؟])\s+|(?<=[。！？।])/u)) {
      for (let start = 0; start < sentence.length; start += 2 * fragmentCharacters) {
        const piece = sentence.slice(start, start + 2 * fragmentCharacters);
        if (piece.trim() !== "") fragments.push(piece);
      }
    }
  }
  return fragments;
}
