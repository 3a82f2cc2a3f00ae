// The parts of a turn that are read for its ledger: enough to fill it many times over, and never more.

/** Of one message, in characters; longer ones are pasted material, whose turns can be recalled all the same. */
const beginning = 40_000;
const ending = 20_000;
/** Of all messages of a turn. The last ones are nearest to the answer. */
const mostOfTurn = 120_000;

/** @param texts of the messages, in their order. @returns what is read of them, in the same order; no word is cut. */
export function readParts(texts: readonly string[]): string[] {
  const parts: string[] = [];
  let left = mostOfTurn;
  for (const text of texts.toReversed()) {
    const read = text.length <= beginning + ending ? [text] : [lastPart(text), firstPart(text)];
    for (const part of read) {
      if (part.length > left) return parts.reverse();
      left -= part.length;
      parts.push(part);
    }
  }
  return parts.reverse();
}

const firstPart = (text: string): string =>
  text.slice(0, Math.max(text.lastIndexOf(" ", beginning), text.lastIndexOf("\n", beginning), 0));

function lastPart(text: string): string {
  const from = text.length - ending;
  const blanks = [text.indexOf(" ", from), text.indexOf("\n", from)].filter((at) => at !== -1);
  return blanks.length === 0 ? "" : text.slice(Math.min(...blanks));
}
