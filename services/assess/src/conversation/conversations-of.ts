// Conversations as the settings want them.
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { SessionStore } from "@nocp/runtime/stores/sessions/session-store.ts";
import { type assessSection, conversationRulesOf } from "../config.ts";
import { type ConversationDependencies, type Conversations, createConversations } from "./conversations.ts";
import { extractiveSummarizer } from "./extractive-summarizer.ts";
import { modelSummarizer } from "./model-summarizer.ts";
import { createTurnCache } from "./turn-cache.ts";

/** The distillation model writes summaries where one is configured; what it fails at is extracted. */
export function conversationsOf(
  sessions: SessionStore,
  settings: SectionValues<typeof assessSection>,
  metersFor: NonNullable<ConversationDependencies["metersFor"]>,
  cacheTermsOf: NonNullable<ConversationDependencies["cacheTermsOf"]>,
): Conversations {
  const hasDistiller = metersFor({ tenant: "", requestId: "" }, {}).services.distiller !== undefined;
  return createConversations({
    sessions,
    cache: createTurnCache(sessions, settings.sessionCacheSize),
    rules: conversationRulesOf(settings),
    summarizers: hasDistiller ? [modelSummarizer, extractiveSummarizer] : [extractiveSummarizer],
    metersFor,
    cacheTermsOf,
    prefixCacheMs: settings.prefixCacheMs,
  });
}
