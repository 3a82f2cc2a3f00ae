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
  const nulls = { even: 0, odd: 0 };
  for (let at = sample.indexOf(0); at >= 0; at = sample.indexOf(0, at + 1)) nulls[at % 2 === 0 ? "even" : "odd"] += 1;
  // Spaces, digits, line breaks and Latin letters have a high byte of NUL; few characters have a low one.
  const encoding = nulls.odd > nulls.even ? "utf-16le" : "utf-16be";
  return isText(sample, encoding) ? encoding : "utf-8";
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
