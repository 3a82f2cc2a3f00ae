// References to what was removed: ten letters for a bundle, `.3` after them for its third original.
import { createHash } from "node:crypto";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/**
 * 47 bits: two of a million bundles share a reference once in some three hundred archives of that size, and then in
 * different scopes. Ten letters take five tokens on average (o200k_base), ten letters and digits seven.
 */
const referenceLetters = 10;
const alphabet = "abcdefghijklmnopqrstuvwxyz";

/** @param bundle bytes of a whole bundle, its scope included: equal content of another scope has another reference. */
export function bundleReferenceOf(bundle: Uint8Array): string {
  let number = createHash("sha256").update(bundle).digest().readBigUInt64BE();
  let letters = "";
  for (let at = 0; at < referenceLetters; at++) {
    letters += alphabet[Number(number % BigInt(alphabet.length))];
    number /= BigInt(alphabet.length);
  }
  return letters;
}

/** @param position of the original in its bundle, from 0; a reference counts from 1. */
export const originalReferenceOf = (bundleReference: string, position: number): string => `${bundleReference}.${position + 1}`;

export interface ParsedReference {
  readonly bundle: string;
  /** From 0; undefined when the whole bundle is meant. */
  readonly position: number | undefined;
}

const pattern = new RegExp(`^([a-z]{${referenceLetters}})(?:\\.([1-9][0-9]{0,6}))?$`);

/** @throws NocpError INVALID_ARGUMENTS for what is no reference. */
export function parseReference(text: string): ParsedReference {
  const match = pattern.exec(text.trim());
  if (!match) {
    const shown = JSON.stringify(text.slice(0, 64));
    throw new NocpError(
      "INVALID_ARGUMENTS",
      `${shown} is not a reference: a reference is ${referenceLetters} letters, optionally followed by .1, .2, …`,
      {
        advice: "Copy it from the compressed text, or from archived in the result.",
      },
    );
  }
  return { bundle: match[1] as string, position: match[2] === undefined ? undefined : Number(match[2]) - 1 };
}
