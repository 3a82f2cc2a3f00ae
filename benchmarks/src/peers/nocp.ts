// NOCP as contenders: the compressor of assess in this process, with its defaults and without loss.
import { createCompressor } from "@nocp/assess/compress.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { restoreText } from "@nocp/text/lossless/lossless.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import type { ComparedCase, Contender, LeftText } from "./compared-case.ts";

const modes = { NOCP: "auto", "NOCP, lossless": "lossless" } as const;

export async function createNocp(counter: TokenCounter): Promise<Contender[]> {
  const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });
  return Object.entries(modes).map(([name, mode]) => ({
    name,
    compress: async (one: ComparedCase): Promise<LeftText> => {
      // A copy of its own: what is remembered of one object must not help the next run.
      const { query, items } = structuredClone({ query: one.query, items: one.items });
      const startedAt = performance.now();
      const { text, pieces } = await compressor.compress({ query, items, mode });
      const elapsedMs = performance.now() - startedAt;
      const judged = mode === "lossless" ? pieces.map((piece) => restoredPiece(piece.text)).join("\n") : text;
      return { text, judged, elapsedMs };
    },
  }));
}

/** What is written without loss follows the line with the item's name. */
function restoredPiece(text: string): string {
  const end = text.indexOf("\n");
  return end === -1 ? text : `${text.slice(0, end + 1)}${restoreText(text.slice(end + 1))}`;
}
