// Archived texts cut into chunks to search in: rows of JSON apart, sentences together up to a size.
import { type Span, splitSentences } from "@nocp/text/structure/split-sentences.ts";

/** UTF-16 units; a chunk ends with the first sentence or row that would pass it. */
const chunkLength = 600;

/** Between two objects of a list in compact JSON. */
const rowBoundary = /\},(?=\{)/g;

/** @returns spans that cover the text from first to last character, in order. */
export function splitChunks(text: string, isJson: boolean): Span[] {
  const units = (isJson ? splitRows(text) : [{ start: 0, end: text.length }]).flatMap(({ start, end }) =>
    end - start <= chunkLength && isJson
      ? [{ start, end }]
      : splitSentences(text.slice(start, end)).map((span) => ({ start: start + span.start, end: start + span.end })),
  );
  const chunks: { start: number; end: number }[] = [];
  for (const { start, end } of units) {
    const last = chunks.at(-1);
    if (last && end - last.start <= chunkLength) last.end = end;
    else chunks.push({ start, end });
  }
  return chunks;
}

function splitRows(text: string): Span[] {
  const rows: Span[] = [];
  let start = 0;
  for (const { index } of text.matchAll(rowBoundary)) {
    rows.push({ start, end: index + 2 });
    start = index + 2;
  }
  if (start < text.length) rows.push({ start, end: text.length });
  return rows;
}
