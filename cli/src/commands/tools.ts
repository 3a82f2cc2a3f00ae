// ./nocp tools: the tools that requests can use with these settings. Starts the MCP servers, asks each for its tools, and ends them.
import type { Command } from "@commander-js/extra-typings";
import { actSection } from "@nocp/act/config.ts";
import type { McpServer } from "@nocp/act/mcp/mcp-server.ts";
import { loadBuiltInTools, openTools } from "@nocp/act/open-tools.ts";
import type { Tool } from "@nocp/act/tool.ts";
import type { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Environment } from "../command.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { renderTable } from "../terminal/render-table.ts";

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(
    command.description("List the tools that requests can use: NOCP's own, yours, and those of MCP servers."),
  ).action((options) => listTools(environment, options));
}

async function listTools(environment: Environment, options: CommonOptions): Promise<void> {
  const { terminal, variables } = environment;
  const config = await loadSettings(environment, options);
  const releases: (() => Promise<void>)[] = [];
  const problems: string[] = [];
  const note = (_fields: object, message: string): void => {
    if (options.verbose) terminal.note(`${message}: ${JSON.stringify(_fields)}`);
  };
  try {
    const builtIn = await loadBuiltInTools();
    const { userTools, mcp } = await openTools({
      builtIn,
      settings: config.section(actSection),
      valuesOf: (section) => config.section(section),
      environment: variables,
      logger: { info: note, warn: note },
      onLeftOut: ({ message }: NocpError) => problems.push(message),
      onRelease: (release) => releases.push(release),
    });
    const rows = [
      ...builtIn.map((tool) => rowOf(tool, "NOCP")),
      ...userTools.map((tool) => rowOf(tool, "act.toolsDir")),
      ...mcp.servers.flatMap((server) => server.tools.map((tool) => rowOf(tool, `MCP server ${server.name}`))),
    ];
    const servers = mcp.servers.map(summaryOf);
    if (options.json) return terminal.printJson({ tools: rows, mcpServers: servers, problems });
    const columns = ["name", "from", "what it does"].map((title) => ({ title }));
    terminal.print(
      renderTable(
        columns,
        rows.map(({ name, from, description }) => [name, from, description]),
        terminal,
      ),
    );
    for (const { name, problem } of servers) if (problem !== undefined) terminal.note(`MCP server ${name}: ${problem}`);
    for (const problem of problems) terminal.note(problem);
  } finally {
    await Promise.all(releases.map((release) => release()));
  }
}

const rowOf = ({ name, description }: Pick<Tool, "name" | "description">, from: string) => ({ name, from, description });

const summaryOf = ({ name, state, protocolVersion, problem, tools }: McpServer) => ({
  name,
  state: state === "ready" ? "ready" : "unavailable",
  ...(protocolVersion === undefined ? {} : { protocolVersion }),
  ...(problem === undefined ? {} : { problem }),
  tools: tools.length,
});
