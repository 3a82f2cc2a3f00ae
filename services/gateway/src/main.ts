// Composition root of the gateway.
import { createRequestQueue } from "@nocp/client/request-queue.ts";
import { createRequestStarter } from "@nocp/client/start-request.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { runServiceFrame } from "@nocp/runtime/service/service-frame.ts";
import { startDirectPath } from "@nocp/runtime/service/start-direct-path.ts";
import { createAdmission } from "./admission.ts";
import { openAuthentication } from "./authenticate.ts";
import { openCallMemory } from "./call-memory.ts";
import { openPaths } from "./call-paths.ts";
import { gatewaySection } from "./config.ts";
import { createInputCounter } from "./count-input-tokens.ts";
import { createApp } from "./create-app.ts";
import { hostedSections, hostedWork } from "./hosted-work.ts";
import { openKeyRing } from "./key-ring.ts";
import { listModels } from "./list-models.ts";
import { createGatewayMetrics } from "./metrics.ts";
import { openRoutes } from "./open-routes.ts";
import { servedApis } from "./served-apis.ts";

await runServiceFrame({
  service: "gateway",
  sections: [gatewaySection, ...hostedSections, ...vendors.map(({ section }) => section)],
  start: async (resources) => {
    const { broker, config, logger, onRelease, records, registry, secret, settings: messaging, tracer } = resources;
    const settings = config.section(gatewaySection);
    const admission = createAdmission(settings.maxConcurrent);
    const keys = await openKeyRing(await broker.keys(), Date.now);
    const hosted = hostedWork(config, onRelease);
    const queue = createRequestQueue(broker, tracer);
    const routes = await openRoutes({ ...resources, ...hosted, settings, queue });
    const paths = await openPaths(settings, {
      ...{ ...resources, queue: createRequestStarter(broker, tracer) },
      loadDirect: async () => startDirectPath(resources, (await import("@nocp/chain/main.ts")).stages),
    });
    const app = await createApp({
      apis: servedApis,
      models: listModels(vendors, (section) => config.section(section), settings.models),
      ...{ admission, routes, maxBodyBytes: settings.maxBodyBytes, corsOrigins: settings.corsOrigins },
      countInput: createInputCounter(hosted.openCompression),
      authenticate: await openAuthentication(settings, keys, secret),
      calls: {
        ...{ paths, tracer, settings, metrics: createGatewayMetrics(registry, () => admission.active) },
        ...(await openCallMemory(records)),
        onUnexpected: (error, requestId) => logger.error({ err: error, requestId }, "a call failed unexpectedly"),
      },
    });
    logger.info({ address: await app.listen({ host: settings.host, port: settings.port }) }, "HTTP API is open");
    return {
      unreadiness: () => (admission.isDraining ? "draining" : undefined),
      async stop() {
        await admission.drain(messaging.gracePeriodMs);
        app.server.closeAllConnections();
        await app.close();
        await paths.stop().finally(keys.stop);
      },
    };
  },
});
