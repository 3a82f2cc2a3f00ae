// ./nocp mcp: NOCP as an MCP server over stdin and stdout, for agents that start their servers themselves.
import { finished } from "node:stream/promises";
import type { Command } from "@commander-js/extra-typings";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { assessSection } from "@nocp/assess/config.ts";
import { openHostedCompression } from "@nocp/assess/hosted-compression.ts";
import { createRequestQueue } from "@nocp/client/request-queue.ts";
import { observabilityCalls } from "@nocp/contracts/observability-calls.ts";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import { createMcpWork } from "@nocp/gateway/mcp/mcp-work.ts";
import { createNocpMcpServer } from "@nocp/gateway/mcp/nocp-mcp-server.ts";
import { usageOf } from "@nocp/gateway/operators/usage-totals.ts";
import type { Environment } from "../command.ts";
import { withClientOptions } from "../options/shared-options.ts";
import { withBroker } from "../requests/open-client.ts";
import { loadSettings } from "../settings/load-settings.ts";

export function declareCommand(command: Command, environment: Environment): void {
  withClientOptions(
    command
      .description("Serve MCP over stdin and stdout: the tools compress, retrieve, ask and usage. An agent starts it itself.")
      .option("--tenant <tenant>", "whose requests and archive", defaultTenant),
  ).action(async (options) => {
    const config = await loadSettings(environment, options);
    const releases: (() => Promise<void>)[] = [];
    await withBroker(environment, options, async (broker) => {
      const assess = config.section(assessSection);
      let compression: ReturnType<typeof openHostedCompression> | undefined;
      const work = createMcpWork({
        queue: createRequestQueue(broker, undefined),
        archive: broker.archive,
        compression: () => {
          compression ??= openHostedCompression(assess, (release) => releases.push(release));
          return compression;
        },
        usage: usageOf({
          totals: async (question) =>
            observabilityCalls.totals.answer.parse(await broker.call("observability", "totals", question)),
        }),
        access: { tenant: options.tenant, models: [] },
        defaultModel: assess.defaultModel,
      });
      const server = serveStdio(() => createNocpMcpServer(work));
      try {
        await finished(process.stdin, { writable: false });
      } finally {
        await server.close();
        await Promise.all(releases.map((release) => release()));
      }
    });
  });
}
