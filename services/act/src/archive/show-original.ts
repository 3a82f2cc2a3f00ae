// Archived originals as a tool's result, within a size.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type ArchiveBundle, type FetchedOriginal, originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";

const labelOf = ({ reference, itemId, kind, title, at, bytes }: FetchedOriginal) => ({
  ...{ ref: reference, itemId, kind, title, bytes },
  ...(at === undefined ? {} : { at }),
});

/** A tool's data as data, everything else as text: in both cases the original, byte for byte. */
const contentOf = (original: FetchedOriginal) =>
  original.kind === "tool" ? { data: JSON.parse(textOfOriginal(original)) as unknown } : { text: textOfOriginal(original) };

/** First byte of a character, or a byte of its own. */
const startsCharacter = (byte: number | undefined): boolean => byte === undefined || (byte & 0xc0) !== 0x80;

/** One original; when it is larger than `maxBytes`, the part of it from `fromByte`, cut between characters. */
export function showOriginal(original: FetchedOriginal, fromByte: number, maxBytes: number) {
  const { content } = original;
  if (fromByte === 0 && content.byteLength <= maxBytes) return { ...labelOf(original), ...contentOf(original) };
  if (fromByte >= content.byteLength && fromByte > 0) {
    throw new NocpError("INVALID_ARGUMENTS", `fromByte ${fromByte} must be less than the size, ${content.byteLength} bytes`);
  }
  let start = fromByte;
  while (!startsCharacter(content[start])) start--;
  let end = Math.min(content.byteLength, start + maxBytes);
  while (end > start && !startsCharacter(content[end])) end--;
  // A single character of more bytes than asked for is given whole.
  if (end === start) for (end = start + 1; !startsCharacter(content[end]); ) end++;
  const part = Buffer.from(content.subarray(start, end)).toString();
  return { ...labelOf(original), fromByte: start, text: part, ...(end < content.byteLength ? { nextByte: end } : {}) };
}

/** All originals of a bundle, or, when they are larger than `maxBytes`, a list of them with their sizes. */
export function showBundle(bundle: ArchiveBundle, maxBytes: number) {
  const originals = originalsOf(bundle);
  const bytes = originals.reduce((sum, original) => sum + original.bytes, 0);
  if (bytes <= maxBytes) {
    return { ref: bundle.reference, items: originals.map((original) => ({ ...labelOf(original), ...contentOf(original) })) };
  }
  const listed: ReturnType<typeof labelOf>[] = [];
  let leftBytes = maxBytes;
  for (const original of originals) {
    leftBytes -= Buffer.byteLength(JSON.stringify(labelOf(original)));
    if (leftBytes < 0) break;
    listed.push(labelOf(original));
  }
  const advice = `${bytes} bytes are more than maxBytes: ask for one ref, or give a query.`;
  return { ref: bundle.reference, items: listed, unlisted: originals.length - listed.length, advice };
}
