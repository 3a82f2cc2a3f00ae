// Conversations as the settings want them.
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { SessionStore } from "@nocp/runtime/stores/sessions/session-store.ts";
import { type assessSection, conversationRulesOf } from "../config.ts";
import { type ConversationDependencies, type Conversations, createConversations } from "./conversations.ts";
import { modelSummarizer } from "./model-summarizer.ts";
import { createTurnCache } from "./turn-cache.ts";
import type { TurnWork } from "./turn-work.ts";

/** The distillation model writes summaries where one is configured; what it fails at is extracted. */
export function conversationsOf(
  sessions: SessionStore,
  settings: SectionValues<typeof assessSection>,
  metersFor: NonNullable<ConversationDependencies["metersFor"]>,
  cacheTermsOf: NonNullable<ConversationDependencies["cacheTermsOf"]>,
  work: TurnWork,
): Conversations {
  const hasDistiller = metersFor({ tenant: "", requestId: "" }, {}).services.distiller !== undefined;
  const extractive = { summarize: work.extractSummary };
  return createConversations({
    work,
    sessions,
    cache: createTurnCache(sessions, settings.sessionCacheSize),
    rules: conversationRulesOf(settings),
    summarizers: hasDistiller ? [modelSummarizer, extractive] : [extractive],
    metersFor,
    cacheTermsOf,
    prefixCacheMs: settings.prefixCacheMs,
  });
}
