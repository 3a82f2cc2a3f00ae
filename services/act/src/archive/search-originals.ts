// Finds in archived originals the passages that a query is about.
import { setImmediate as nextTurn } from "node:timers/promises";
import { type FetchedOriginal, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { queryTerms } from "@nocp/text/questions/query-terms.ts";
import { buildRankingIndex } from "@nocp/text/ranking/ranking-index.ts";
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";
import { splitChunks } from "./text-chunks.ts";

export interface FoundPassage {
  /** Of the whole original that the passage stands in. */
  readonly ref: string;
  readonly itemId: string;
  readonly kind: FetchedOriginal["kind"];
  readonly title: string;
  readonly text: string;
}

interface Chunk {
  readonly original: FetchedOriginal;
  readonly text: string;
}

export interface ArchiveSearch {
  /** The best first. */
  readonly passages: readonly FoundPassage[];
  /** Passages that have a word of the query, those included that did not fit. */
  readonly matches: number;
}

/** A title says what its passages are about; its score counts this much beside the passage's own. */
const titleWeight = 0.5;

/** Longest that other requests wait while texts are read. */
const maxTurnMs = 20;

/**
 * BM25 over chunks of some hundred characters, a title counted with each of its chunks. Equal originals of several bundles
 * count once. Time and memory grow linearly with the text.
 * @param maxBytes of all passages' texts together, in UTF-8.
 * @throws the signal's reason.
 */
export async function searchOriginals(
  originals: readonly FetchedOriginal[],
  query: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<ArchiveSearch> {
  let turnStartedAt = performance.now();
  const vocabulary = createVocabulary();
  const chunks: Chunk[] = [];
  const termIds: number[] = [];
  const ends: number[] = [];
  const titleIds: number[] = [];
  const titleEnds: number[] = [];
  for (const original of distinct(originals)) {
    const text = textOfOriginal(original);
    for (const { start, end } of splitChunks(text, original.kind === "tool")) {
      const chunk = text.slice(start, end);
      chunks.push({ original, text: chunk });
      vocabulary.append(chunk, termIds);
      ends.push(termIds.length);
      vocabulary.append(original.title, titleIds);
      titleEnds.push(titleIds.length);
      if (performance.now() - turnStartedAt < maxTurnMs) continue;
      await nextTurn();
      signal.throwIfAborted();
      turnStartedAt = performance.now();
    }
  }
  const terms = queryTerms(query, vocabulary);
  const scores = new Float64Array(chunks.length);
  const titleScores = new Float64Array(chunks.length);
  buildRankingIndex(termIds, ends, vocabulary.size()).addScores(terms, scores);
  buildRankingIndex(titleIds, titleEnds, vocabulary.size()).addScores(terms, titleScores);
  const total = scores.map((score, at) => score + titleWeight * (titleScores[at] as number));
  const best = [...total.keys()].filter((at) => (total[at] as number) > 0).sort((a, b) => total[b]! - total[a]! || a - b);
  const passages: FoundPassage[] = [];
  let leftBytes = maxBytes;
  for (const at of best) {
    const { original, text } = chunks[at] as Chunk;
    const bytes = Buffer.byteLength(text);
    if (bytes > leftBytes) continue;
    leftBytes -= bytes;
    const { reference, itemId, kind, title } = original;
    passages.push({ ref: reference, itemId, kind, title, text });
  }
  return { passages, matches: best.length };
}

function distinct(originals: readonly FetchedOriginal[]): FetchedOriginal[] {
  const byContent = new Map<string, FetchedOriginal>();
  for (const original of originals) {
    const key = `${original.sha256} ${original.title}`;
    if (!byContent.has(key)) byContent.set(key, original);
  }
  return [...byContent.values()];
}
