// Composition root of the gateway.
import { createRequestStarter } from "@nocp/client/start-request.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { messagesServerApi } from "@nocp/models/vendors/anthropic/messages-server.ts";
import { chatServerApi } from "@nocp/models/vendors/openai/chat-server.ts";
import { responsesConversation } from "@nocp/models/vendors/openai/responses-conversation.ts";
import { responsesServerApi } from "@nocp/models/vendors/openai/responses-server.ts";
import { runServiceFrame } from "@nocp/runtime/service/service-frame.ts";
import { createAdmission } from "./admission.ts";
import { createAuthentication } from "./authenticate.ts";
import { gatewaySection } from "./config.ts";
import { createApp } from "./create-app.ts";
import { createKeptAnswers, keptAnswerSchema } from "./kept-answers.ts";
import { openKeyRing } from "./key-ring.ts";
import { listModels } from "./list-models.ts";
import { createGatewayMetrics } from "./metrics.ts";
import { createOwnRounds, ownRoundsSchema } from "./own-rounds.ts";

await runServiceFrame({
  service: "gateway",
  sections: [gatewaySection, ...vendors.map(({ section }) => section)],
  start: async ({ broker, config, logger, records, registry, settings: messaging, tracer }) => {
    const settings = config.section(gatewaySection);
    const admission = createAdmission(settings.maxConcurrent);
    const keys = await openKeyRing(await broker.keys(), Date.now);
    const app = createApp({
      apis: [chatServerApi, messagesServerApi, responsesServerApi],
      models: listModels(vendors, (section) => config.section(section), settings.models),
      authenticate: createAuthentication(settings, keys),
      admission,
      maxBodyBytes: settings.maxBodyBytes,
      calls: {
        start: createRequestStarter(broker, tracer),
        answers: createKeptAnswers(await records("responses", keptAnswerSchema), responsesConversation),
        ownRounds: createOwnRounds(await records("own-rounds", ownRoundsSchema)),
        tracer,
        metrics: createGatewayMetrics(registry, () => admission.active),
        settings,
        onUnexpected: (error, requestId) => logger.error({ err: error, requestId }, "a call failed unexpectedly"),
      },
    });
    await app.listen({ host: settings.host, port: settings.port });
    logger.info({ addresses: app.addresses() }, "HTTP API is open");
    return {
      unreadiness: () => (admission.isDraining ? "draining" : undefined),
      async stop() {
        await admission.drain(messaging.gracePeriodMs);
        app.server.closeAllConnections();
        await app.close();
        keys.stop();
      },
    };
  },
});
