// What of an item stands in the prompt already, in the words of the strategy that wrote it.
import { hash } from "node:crypto";
import type { CompressedPiece, CompressionInput, MeasuredItem } from "./compression-strategy.ts";

/** In one call: of 100,000 short documents, objects that hash held up the main thread for longer than all else. */
export const textDigest = (text: string): string => hash("sha256", text, "base64url");

/** The units that are written; none for an item that is new. */
export const unitsOf = ({ written }: MeasuredItem): ReadonlySet<number> => new Set(written?.units);

/** Without what another strategy wrote, or the same one of another text: those units mean nothing to it. */
export function readableBy(strategy: string, input: CompressionInput): CompressionInput {
  if (!input.listsUnits) return input;
  return {
    ...input,
    items: input.items.map((measured) => {
      const { written, ...rest } = measured;
      return written?.strategy === strategy && written.digest === textDigest(measured.text) ? measured : rest;
    }),
  };
}

/** The pieces, each with its units as a later question can tell them. */
export function withWritten(
  strategy: string,
  pieces: readonly CompressedPiece[],
  { items }: CompressionInput,
): CompressedPiece[] {
  return pieces.map(({ units, ...piece }, at) => {
    if (units === undefined) return piece;
    const digest = textDigest((items[at] as MeasuredItem).text);
    return { ...piece, written: { strategy, digest, units, tokens: piece.tokens } };
  });
}
