// A vendor's cache of prompts, as its documentation describes it: what of a prompt is read from it, and what is written.
import type { PromptCachingSupport } from "@nocp/models/capabilities.ts";

/** A tool, an instruction or a block of a message, in the order in which the model reads them. */
export interface PromptPiece {
  readonly text: string;
  readonly tokens: number;
  /** Marked for the cache, for so long. */
  readonly ttl?: "5m" | "1h" | undefined;
}

export interface CachedTokens {
  readonly read: number;
  readonly written: number;
  /** Of the written ones, those kept for an hour. */
  readonly writtenOneHour: number;
}

export interface PromptCache {
  /** @throws Error when the vendor would refuse the marks. */
  take(pieces: readonly PromptPiece[], countTokens: (text: string) => number): CachedTokens;
  clear(): void;
}

const minute = 60_000;
const lifetimesMs = { "5m": 5 * minute, "1h": 60 * minute } as const;
/** Automatic caches keep prefixes in steps (platform.openai.com/docs/guides/prompt-caching). */
const stepTokens = 128;
/** A mark finds what was cached up to so many blocks before it (platform.claude.com/docs/en/build-with-claude/prompt-caching). */
const lookBackBlocks = 20;

/** @param now milliseconds. */
export const createPromptCache = (support: PromptCachingSupport, now: () => number): PromptCache =>
  support.kind === "marked" ? markedCache(support, now) : automaticCache(support, now);

/** The longest beginning of any earlier prompt counts, in whole steps; writing it costs nothing. */
function automaticCache({ kind, leastTokens }: PromptCachingSupport, now: () => number): PromptCache {
  let known: { readonly texts: readonly string[]; readonly until: number }[] = [];
  return {
    take(pieces, countTokens) {
      known = known.filter(({ until }) => until > now());
      const common = Math.max(0, ...known.map(({ texts }) => commonTokens(texts, pieces, countTokens)));
      known.push({ texts: pieces.map(({ text }) => text), until: now() + lifetimesMs["5m"] });
      const read = kind === "none" || common < leastTokens ? 0 : Math.floor(common / stepTokens) * stepTokens;
      return { read, written: 0, writtenOneHour: 0 };
    },
    clear: () => {
      known = [];
    },
  };
}

function commonTokens(texts: readonly string[], pieces: readonly PromptPiece[], countTokens: (text: string) => number): number {
  const differing = pieces.findIndex(({ text }, at) => text !== texts[at]);
  const same = pieces.slice(0, differing < 0 ? pieces.length : differing).reduce((sum, { tokens }) => sum + tokens, 0);
  const [one = "", other = ""] = differing < 0 ? [] : [pieces[differing]?.text, texts[differing]];
  let end = 0;
  while (end < one.length && end < other.length && one[end] === other[end]) end++;
  return same + (end === 0 ? 0 : countTokens(one.slice(0, end)));
}

/** Only prefixes that end at a mark are kept, and found from a mark at the same place or a few blocks behind it. */
function markedCache({ leastTokens, marks: most }: PromptCachingSupport, now: () => number): PromptCache {
  const known = new Map<string, { until: number; readonly ttl: "5m" | "1h" }>();
  return {
    take(pieces) {
      const marks = pieces.flatMap(({ ttl }, at) => (ttl === undefined ? [] : [{ ttl, end: at + 1 }]));
      if (marks.length > most)
        throw new Error(`a maximum of ${most} blocks with cache_control may be provided, found ${marks.length}`);
      if (marks.some(({ ttl }, at) => ttl === "1h" && marks[at - 1]?.ttl === "5m"))
        throw new Error("ttl 1h must not come after ttl 5m");
      const tokensTo = (end: number) => pieces.slice(0, end).reduce((sum, { tokens }) => sum + tokens, 0);
      const keyTo = (end: number) => JSON.stringify(pieces.slice(0, end).map(({ text }) => text));
      const usable = marks.filter(({ end }) => tokensTo(end) >= leastTokens);
      let readEnd = 0;
      for (const { end } of usable) {
        for (let at = end; at > Math.max(readEnd, end - lookBackBlocks); at--) {
          const found = known.get(keyTo(at));
          if (found === undefined || found.until <= now()) continue;
          found.until = now() + lifetimesMs[found.ttl];
          readEnd = at;
          break;
        }
      }
      const read = tokensTo(readEnd);
      let written = 0;
      let writtenOneHour = 0;
      for (const { end, ttl } of usable.filter((mark) => mark.end > readEnd)) {
        const added = tokensTo(end) - read - written;
        written += added;
        if (ttl === "1h") writtenOneHour += added;
        known.set(keyTo(end), { until: now() + lifetimesMs[ttl], ttl });
      }
      return { read, written, writtenOneHour };
    },
    clear: () => known.clear(),
  };
}
