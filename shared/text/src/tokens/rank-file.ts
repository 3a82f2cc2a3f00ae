// Reads a published `.tiktoken` file: a line for each token, its bytes in base64, a space, its rank.

/** The bytes of all tokens: token `rank` is `bytes[offsets[rank] .. offsets[rank + 1])`. */
export interface RankedTokens {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

const lineFeed = 0x0a;
const spaceByte = 0x20;
const padding = 0x3d;
/** Bytes of `AA== 0` and a line feed. */
const shortestLine = 7;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Decodes in place of Buffer's base64, which would make two hundred thousand strings on the way. Ranks rise from 0. */
export function parseRankFile(published: Uint8Array): RankedTokens {
  const values = new Uint8Array(128);
  for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;
  const bytes = new Uint8Array((published.length >> 2) * 3);
  const offsets = new Uint32Array(Math.ceil(published.length / shortestLine) + 1);
  let written = 0;
  let count = 0;
  for (let at = 0; at < published.length; ) {
    for (; published[at] !== spaceByte; at += 4) written = decodeGroup(values, published, at, bytes, written);
    offsets[++count] = written;
    while (at < published.length && published[at++] !== lineFeed);
  }
  return { bytes: bytes.slice(0, written), offsets: offsets.slice(0, count + 1) };
}

/** Decodes four characters to `to[written ..]`; returns where the next byte goes. */
function decodeGroup(values: Uint8Array, from: Uint8Array, at: number, to: Uint8Array, written: number): number {
  const third = from[at + 2]!;
  const fourth = from[at + 3]!;
  const group = (values[from[at]!]! << 18) | (values[from[at + 1]!]! << 12) | (values[third]! << 6) | values[fourth]!;
  to[written] = group >> 16;
  if (third === padding) return written + 1;
  to[written + 1] = (group >> 8) & 0xff;
  if (fourth === padding) return written + 2;
  to[written + 2] = group & 0xff;
  return written + 3;
}
