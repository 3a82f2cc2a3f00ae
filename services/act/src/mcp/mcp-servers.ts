// All MCP servers of the settings, and what of their tools there is at the moment.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Backoff } from "@nocp/contracts/retry.ts";
import { createSchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import type { ActSettings } from "../config.ts";
import { startOrphanGuard } from "../process/orphan-guard.ts";
import type { Tool } from "../tool.ts";
import { type McpServer, type ServerLogger, startMcpServer } from "./mcp-server.ts";
import { enabledServers } from "./server-settings.ts";

export interface McpServers {
  readonly servers: readonly McpServer[];
  /**
   * The tool of that name; undefined where no server's name comes before its dot.
   * @throws NocpError TOOL_UNAVAILABLE while its server is away, UNKNOWN_TOOL when that has no such tool.
   */
  find(name: string): Tool | undefined;
  /** The tools of a server, for `name.*`; undefined for any other text. @throws NocpError TOOL_UNAVAILABLE */
  findAll(pattern: string): readonly Tool[] | undefined;
  close(): Promise<void>;
}

type Settings = Pick<
  ActSettings,
  "mcpServers" | "mcpConnectTimeoutMs" | "mcpRetryMaxMs" | "toolMemoryMiB" | "maxResultBytes" | "httpAllowPrivate"
>;

const retryBaseMs = 1_000;
const schemaLimits = { maxBytes: 256 * 1024, cacheSize: 2_048, timeoutMs: 1_000 };

/**
 * Starts every server and waits until each was tried once: a server that is slow or broken holds nothing up after that.
 * @param environment what `${…}` in the settings stands for.
 */
export async function startMcpServers(
  settings: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  logger: ServerLogger,
  backoff: Backoff = { baseMs: retryBaseMs, maxMs: settings.mcpRetryMaxMs },
): Promise<McpServers> {
  const { toolMemoryMiB, maxResultBytes, httpAllowPrivate, mcpConnectTimeoutMs } = settings;
  const enabled = enabledServers(settings.mcpServers);
  if (enabled.size === 0) return { servers: [], find: () => undefined, findAll: () => undefined, close: async () => {} };
  const guard = startOrphanGuard();
  const schemas = createSchemaValidator(schemaLimits);
  const servers = [...enabled].map(([name, server]) =>
    startMcpServer(name, server, {
      ...{ environment, schemas, backoff, logger, guard, maxResultBytes, httpAllowPrivate },
      memoryMiB: toolMemoryMiB,
      connectTimeoutMs: mcpConnectTimeoutMs,
    }),
  );
  await Promise.all(servers.map(({ tried }) => tried));
  const serverOf = (toolName: string): McpServer | undefined => servers.find(({ name }) => toolName.startsWith(`${name}.`));
  return {
    servers,
    find(name) {
      const server = serverOf(name);
      if (server === undefined) return undefined;
      const tool = server.tools.find((known) => known.name === name);
      if (tool === undefined || server.state !== "ready") server.assertReady();
      if (tool === undefined) throw unknownTool(name, server);
      return tool;
    },
    findAll(pattern) {
      const server = servers.find(({ name }) => pattern === `${name}.*`);
      server?.assertReady();
      return server?.tools;
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      guard.close();
    },
  };
}

function unknownTool(name: string, { name: server, tools }: McpServer): NocpError {
  const listed = tools.length === 0 ? "no tools" : tools.map((tool) => tool.name).join(", ");
  return new NocpError(
    "UNKNOWN_TOOL",
    `there is no tool named ${JSON.stringify(name.slice(0, 128))}; the MCP server ${server} has ${listed}`,
  );
}
