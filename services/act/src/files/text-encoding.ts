// Which encoding a file's text is in: UTF-8, or UTF-16 as PowerShell and Notepad write it, with a byte order mark or without.

export const textEncodings = ["utf-8", "utf-16le", "utf-16be"] as const;
export type TextEncoding = (typeof textEncodings)[number];

/** Of the beginning of a file, so much tells its encoding. */
export const encodingSampleBytes = 4096;

/** What no text holds: control characters but tab, line break, form feed and escape, and what is no character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const noText = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\p{Cn}\p{Co}]/u;

/** @param sample the first bytes of the file. What is neither is called UTF-8, as which it then cannot be decoded. */
export function encodingOf(sample: Uint8Array): TextEncoding {
  const [first, second] = sample;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (!sample.includes(0)) return "utf-8";
  const encoding = asciiUnits(sample, 1) > asciiUnits(sample, 0) ? "utf-16le" : "utf-16be";
  return isText(sample, encoding) ? encoding : "utf-8";
}

/**
 * How many 16-bit units are ASCII when the byte at `high` of each is its high one. Spaces, digits, line breaks and Latin letters
 * are; few other characters look so in the wrong order.
 */
function asciiUnits(sample: Uint8Array, high: 0 | 1): number {
  let count = 0;
  for (let at = 0; at + 1 < sample.length; at += 2) {
    const low = sample[at + 1 - high] ?? 0;
    if (sample[at + high] === 0 && ((low >= 0x20 && low < 0x7f) || (low >= 0x09 && low <= 0x0d))) count += 1;
  }
  return count;
}

function isText(sample: Uint8Array, encoding: TextEncoding): boolean {
  try {
    // A sample may end inside a character.
    const isCut = sample.length >= encodingSampleBytes;
    return !noText.test(new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: isCut }));
  } catch {
    return false;
  }
}
