// Binary data in a text, such as an image in base64: no model reads it, so a reference may stand for it.
import { createHash } from "node:crypto";

/** Shorter runs may be keys or digests that the text is about. */
const shortestPayload = 512;
const candidate = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{512,}={0,2}/g;
const reference = /\[payload ([0-9a-f]{16}), \d+ characters\]/g;

export interface WithoutPayloads {
  readonly text: string;
  /** By the name that stands in the references. */
  readonly payloads: ReadonlyMap<string, string>;
}

/** @returns the text itself, and no payloads, where it holds none or something that looks like a reference. */
export function withoutPayloads(text: string): WithoutPayloads {
  const payloads = new Map<string, string>();
  if (text.length < shortestPayload || text.search(reference) !== -1) return { text, payloads };
  const written = text.replace(candidate, (payload) => {
    if (!isBinary(payload)) return payload;
    const name = createHash("sha256").update(payload).digest("hex").slice(0, 16);
    payloads.set(name, payload);
    return `[payload ${name}, ${payload.length} characters]`;
  });
  return { text: written, payloads };
}

/** Base64 mixes cases and digits, hex is all hex; a long word, a path or a rule of dashes is neither. */
const isBinary = (run: string): boolean =>
  /^[0-9a-fA-F]+$/.test(run)
    ? /\d/.test(run) && /[a-fA-F]/.test(run)
    : /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) && new Set(run).size >= 24;

/** @throws RangeError when a payload that the text refers to was not given. */
export function restorePayloads(text: string, payloads: ReadonlyMap<string, string>): string {
  return payloads.size === 0 ? text : text.replace(reference, (whole, name: string) => payloads.get(name) ?? whole);
}
