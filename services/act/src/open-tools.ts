// Every tool that a deployment has: NOCP's own, those of the folder of users' tools, and those of MCP servers.
import { fileURLToPath } from "node:url";
import type { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Section } from "@nocp/contracts/settings/setting.ts";
import type { ActSettings } from "./config.ts";
import type { ServerLogger } from "./mcp/mcp-server.ts";
import { type McpServers, startMcpServers } from "./mcp/mcp-servers.ts";
import { type LineLogger, startToolProcesses } from "./process/tool-processes.ts";
import type { RunInChild, Tool, ToolSettings } from "./tool.ts";
import { createToolRegistry, loadTools, loadUserTools, type ToolRegistry } from "./tool-registry.ts";
import { loadDescribedTool } from "./user-tools/load-described-tool.ts";

export const loadBuiltInTools = (): Promise<Tool[]> => loadTools(fileURLToPath(new URL("./tools", import.meta.url)));

export interface OpenToolsOptions {
  readonly builtIn: readonly Tool[];
  readonly settings: ActSettings;
  readonly valuesOf: (section: Section) => ToolSettings;
  /** Of this process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: LineLogger & ServerLogger;
  readonly onLeftOut: (problem: NocpError) => void;
  /** Called with what ends the processes of tools and of servers, as soon as there are any. */
  readonly onRelease: (release: () => Promise<void>) => void;
}

export interface OpenTools {
  readonly registry: ToolRegistry;
  readonly userTools: readonly Tool[];
  readonly mcp: McpServers;
  readonly runInChild: RunInChild;
}

/** @throws NocpError INVALID_PLUGIN when the folder of users' tools cannot be listed. */
export async function openTools(options: OpenToolsOptions): Promise<OpenTools> {
  const { builtIn, settings, valuesOf, environment, logger, onLeftOut, onRelease } = options;
  const processes = startToolProcesses(settings, environment, logger);
  onRelease(processes.close);
  const { userTools: pool, runInChild } = processes;
  const userTools = pool
    ? await loadUserTools(settings.toolsDir, builtIn, onLeftOut, (path) => loadDescribedTool(path, pool))
    : [];
  const mcp = await startMcpServers(settings, environment, logger);
  onRelease(mcp.close);
  return { registry: createToolRegistry([...builtIn, ...userTools], valuesOf, mcp), userTools, mcp, runInChild };
}
