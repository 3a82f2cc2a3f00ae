// What a request asks of the vendor's prompt cache: by its own fields, by the settings, and by what is known of its kind.
import { hash } from "node:crypto";
import type { ContextOptimized } from "@nocp/contracts/messages.ts";
import { type PromptCacheMode, promptCacheModes } from "@nocp/contracts/prompt.ts";
import type { PromptCaching } from "@nocp/models/prompts/cache-marks.ts";
import type { PromptCacheSettings } from "@nocp/runtime/config/sections.ts";

/** @param body with the prompt that is sent. */
export function promptCachingOf(
  { request, prompt }: Pick<ContextOptimized, "request" | "prompt">,
  settings: PromptCacheSettings,
): PromptCaching {
  const { promptCache: wanted, session } = request;
  const isContinued = session !== undefined || prompt.history.length > 0 || prompt.toolRounds.length > 0;
  return {
    mode: [ownMode(request, prompt), settings.mode, wanted?.mode ?? "auto"].reduce(strictest),
    // Of a lone question nobody knows whether another one follows: writing its context to a cache costs a quarter more.
    isReused: wanted !== undefined || isContinued || prompt.tools.length > 0 || beginsConversation(request, prompt),
    ttl: wanted?.ttl ?? settings.ttl,
    // Few vendors are told, and few strategies ask.
    get key() {
      return wanted?.key ?? keyOf(request, prompt);
    },
  };
}

/** A context that is sent with the first message of a conversation stays with it. */
const beginsConversation = ({ query }: ContextOptimized["request"], { contextStays }: ContextOptimized["prompt"]): boolean =>
  query === undefined && contextStays === true;

/** A prompt without framing is the caller's own, and a vendor's request may speak of the cache itself: NOCP adds nothing. */
const ownMode = ({ native }: ContextOptimized["request"], { framing }: ContextOptimized["prompt"]): PromptCacheMode =>
  framing === "none" || (native !== undefined && cacheField.test(JSON.stringify(native.body))) ? "marks" : "auto";

const cacheField = /"(cache_control|prompt_cache_\w+)":/;

const strictest = (one: PromptCacheMode, other: PromptCacheMode): PromptCacheMode =>
  promptCacheModes.indexOf(one) > promptCacheModes.indexOf(other) ? one : other;

/**
 * Of a session, its name; otherwise of what every later turn repeats: instructions, tools and the first thing that was said.
 * Tenants share no key.
 */
function keyOf({ tenant, session }: ContextOptimized["request"], prompt: ContextOptimized["prompt"]): string {
  const { system, instructions = [], tools, history, query } = prompt;
  const beginning = session
    ? [session.id]
    : [system, ...instructions.map(({ text }) => text), ...tools.map(({ name }) => name), history[0]?.text ?? query];
  return hash("sha256", JSON.stringify([tenant, ...beginning]), "base64url").slice(0, 32);
}
