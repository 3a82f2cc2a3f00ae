// Which tools there are: discovered in folders, found by name, their arguments checked.
import { resolve } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { withBigIntegers } from "@nocp/contracts/json/exact-numbers.ts";
import { loadPlugin, loadPlugins, pluginPaths } from "@nocp/contracts/plugins/load-plugins.ts";
import type { OfferedTool } from "@nocp/contracts/prompt.ts";
import type { Section } from "@nocp/contracts/settings/setting.ts";
import { adoptTool, argumentsJsonSchema } from "./adopt-tool.ts";
import type { McpServers } from "./mcp/mcp-servers.ts";
import type { Tool, ToolSettings } from "./tool.ts";

export interface ToolRegistry {
  /** Of the tools that are always there, sorted. */
  readonly names: readonly string[];
  /** @throws NocpError UNKNOWN_TOOL listing the names there are. */
  find(name: string): Tool;
  /** How a model is told of the tool. @throws NocpError UNKNOWN_TOOL, TOOL_UNAVAILABLE */
  offer(name: string): OfferedTool;
  /** The same for a name or, as `server.*`, for all tools of an MCP server. */
  offerAll(name: string): readonly OfferedTool[];
  /** Values of the section that the tool declares. */
  settingsOf(tool: Tool): ToolSettings;
}

/** Tools that come and go: those of MCP servers. */
export type LiveTools = Pick<McpServers, "find" | "findAll">;

const noLiveTools: LiveTools = { find: () => undefined, findAll: () => undefined };

/** What a file of a tool exports, before it is looked at more closely. */
export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The tools of a folder of NOCP's own, each file one tool. @throws NocpError INVALID_PLUGIN when one of them is no good. */
export async function loadTools(folder: string): Promise<Tool[]> {
  const loaded = await loadPlugins(folder, isObject, "tool");
  return loaded.map(({ plugin, path }) => adoptTool(plugin, path));
}

/**
 * The tools of a user's folder: a file that is no good, or has the name of another tool, is reported and left out.
 * @param others tools whose names are taken. @param load makes a tool of a file, by default in this process.
 * @throws NocpError INVALID_PLUGIN when the folder cannot be listed.
 */
export async function loadUserTools(
  folder: string,
  others: readonly Tool[],
  onLeftOut: (problem: NocpError) => void,
  load: (path: string) => Promise<Tool> = loadHere,
): Promise<Tool[]> {
  const paths = await pluginPaths(resolve(folder), "tool");
  const pathOf = new Map(others.map(({ name }) => [name, "a built-in tool"]));
  const tools: Tool[] = [];
  for (const path of paths) {
    try {
      const tool = await load(path);
      const other = pathOf.get(tool.name);
      if (other) throw new NocpError("INVALID_PLUGIN", `two tools are named ${tool.name}: ${other} and ${path}`);
      pathOf.set(tool.name, path);
      tools.push(tool);
    } catch (error) {
      if (!(error instanceof NocpError)) throw error;
      onLeftOut(error);
    }
  }
  return tools;
}

const loadHere = async (path: string): Promise<Tool> => {
  const tool = adoptTool((await loadPlugin(path, isObject, "tool")).plugin, path);
  if (tool.settings) throw new NocpError("INVALID_PLUGIN", `${path} declares settings: only built-in tools have a section`);
  return tool;
};

/** The sections that tools declare, each once. */
export const sectionsOf = (tools: readonly Tool[]): Section[] => [
  ...new Map(tools.flatMap(({ settings }) => (settings ? [[settings.name, settings] as const] : []))).values(),
];

/**
 * @param valuesOf looks a section's values up in the configuration.
 * @param live asked for names that no other tool has.
 */
export function createToolRegistry(
  tools: readonly Tool[],
  valuesOf: (section: Section) => ToolSettings,
  live: LiveTools = noLiveTools,
): ToolRegistry {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const names = [...byName.keys()].sort();
  const offers = new Map<string, OfferedTool>();
  for (const tool of tools) {
    offers.set(tool.name, offerOf(tool));
  }
  const settings = new Map(tools.map((tool) => [tool.name, tool.settings ? valuesOf(tool.settings) : {}]));
  const unknown = (name: string): NocpError => {
    const listed = names.length === 0 ? "there are none" : `there are ${names.join(", ")}`;
    return new NocpError("UNKNOWN_TOOL", `there is no tool named ${JSON.stringify(name.slice(0, 128))}; ${listed}`);
  };
  const find = (name: string): Tool => {
    const tool = byName.get(name) ?? live.find(name);
    if (!tool) throw unknown(name);
    return tool;
  };
  const offer = (name: string): OfferedTool => offers.get(name) ?? offerOf(find(name));
  return {
    names,
    find,
    offer,
    offerAll: (name) => live.findAll(name)?.map(offerOf) ?? [offer(name)],
    settingsOf: (tool) => settings.get(tool.name) ?? {},
  };
}

const offerOf = (tool: Tool): OfferedTool => ({
  name: tool.name,
  description: tool.description,
  parameters: tool.parameters ?? argumentsJsonSchema(tool),
});

/** @throws NocpError INVALID_ARGUMENTS naming the argument. */
export function parseArguments(tool: Tool, given: unknown): unknown {
  const parsed = tool.arguments.safeParse(withBigIntegers(given));
  if (parsed.success) return parsed.data;
  throw new NocpError("INVALID_ARGUMENTS", `arguments of ${tool.name}: ${describeProblems(parsed.error)}`);
}
