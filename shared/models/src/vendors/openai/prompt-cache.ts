// What OpenAI's APIs and compatible ones are told of their prompt caches.
import type { CacheMark } from "@nocp/contracts/prompt.ts";
import type { PromptCachingSupport } from "../../capabilities.ts";
import type { PromptCaching } from "../../prompts/cache-marks.ts";

/**
 * A key keeps requests that begin alike at one cache. Where marks exist, nothing else is to be written: writing costs more
 * there, and the vendor's own mark would be paid for at the end of every prompt.
 */
export function promptCacheFields(
  caching: PromptCaching | undefined,
  { key, marks, markField, retention }: PromptCachingSupport,
) {
  if (caching?.mode !== "auto") return {};
  return {
    ...(key && caching.key !== undefined ? { prompt_cache_key: caching.key } : {}),
    ...(retention && caching.ttl === "1h" ? { prompt_cache_retention: "24h" as const } : {}),
    ...(marks > 0 && markField === "prompt_cache_breakpoint" ? { prompt_cache_options: { mode: "explicit" as const } } : {}),
  };
}

/** A mark as the part that carries it says it. */
export const markField = (mark: CacheMark | undefined, { markField: field }: PromptCachingSupport): Record<string, unknown> => {
  if (mark === undefined) return {};
  if (field === "prompt_cache_breakpoint") return { [field]: { mode: "explicit" } };
  return { [field]: { type: "ephemeral", ...(mark.ttl === "5m" ? {} : { ttl: mark.ttl }) } };
};
