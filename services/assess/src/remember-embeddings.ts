// An embedder that asks for each text once in the life of the process, within a bound of memory.
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Embedder } from "./model-services.ts";

export interface EmbeddingRules {
  /** Written before the question and before each passage, for models that tell them apart. */
  readonly queryPrefix: string;
  readonly passagePrefix: string;
  /** Of vectors that are kept; 0 for none. */
  readonly cacheBytes: number;
}

/** Of a key, a list and an entry of the cache, roughly. */
const bytesPerEntry = 200;
const bytesPerNumber = 8;

/** Keys are digests of the texts: what one request has embedded serves all, and its text is not kept. */
export function rememberEmbeddings(embedder: Embedder, rules: EmbeddingRules): Embedder {
  const { queryPrefix, passagePrefix, cacheBytes } = rules;
  const known =
    cacheBytes === 0
      ? undefined
      : new LRUCache<string, readonly number[]>({
          maxSize: cacheBytes,
          sizeCalculation: (vector) => bytesPerEntry + vector.length * bytesPerNumber,
        });
  return {
    model: embedder.model,
    async embed(texts, signal, onFailedCall) {
      const written = texts.map((text, at) => `${at === 0 ? queryPrefix : passagePrefix}${text}`);
      const keys = written.map((text) => createHash("sha256").update(text).digest("base64"));
      const vectors = new Map<string, readonly number[]>();
      const missing = new Map<string, string>();
      for (const [at, key] of keys.entries()) {
        const vector = known?.get(key);
        if (vector === undefined) missing.set(key, written[at] as string);
        else vectors.set(key, vector);
      }
      if (missing.size === 0) return { vectors: keys.map((key) => vectors.get(key) ?? []), inputTokens: 0, isKnown: true };
      const asked = [...missing.values()];
      const answer = await embedder.embed(asked, signal, onFailedCall);
      for (const [at, key] of [...missing.keys()].entries()) {
        const vector = answer.vectors[at] as readonly number[];
        vectors.set(key, vector);
        known?.set(key, vector);
      }
      return { ...answer, vectors: keys.map((key) => vectors.get(key) ?? []) };
    },
  };
}
