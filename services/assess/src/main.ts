// Composition root of assess.
import { runStageService } from "@nocp/shared/runtime/run-stage-service.ts";
import { createTokenCounter } from "@nocp/shared/tokens/create-token-counter.ts";
import { createCompressor } from "./compress.ts";
import { assessSection, budgetRulesOf, conversationRulesOf } from "./config.ts";
import { createConversations } from "./conversation/conversations.ts";
import { extractiveSummarizer } from "./conversation/extractive-summarizer.ts";
import { createTurnCache } from "./conversation/turn-cache.ts";
import { createHandler } from "./handle.ts";
import { loadStrategies } from "./load-strategies.ts";

await runStageService({
  stage: "assess",
  sections: [assessSection],
  create: async ({ config, archive, onRunning, sessions: openSessions }) => {
    const settings = config.section(assessSection);
    const counterFor = (model: string | undefined) => createTokenCounter(model ?? settings.defaultModel);
    onRunning(() => void counterFor(undefined).count("warm up"));
    const sessions = await openSessions();
    return createHandler({
      compressor: createCompressor({ strategies: await loadStrategies(), counterFor, rules: budgetRulesOf(settings) }),
      counterFor,
      lastMessages: settings.lastMessages,
      conversations: createConversations({
        sessions,
        cache: createTurnCache(sessions, settings.sessionCacheSize),
        rules: conversationRulesOf(settings),
        summarizers: [extractiveSummarizer],
      }),
      archive,
    });
  },
});
