// Whether the MCP servers of the settings start and list their tools.
import { type ActSettings, actSection } from "@nocp/act/config.ts";
import { startMcpServers } from "@nocp/act/mcp/mcp-servers.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import type { ConfigEntry } from "@nocp/runtime/config/load-config.ts";
import { countOf } from "../terminal/count-of.ts";
import type { Finding } from "./finding.ts";

const silent = { info: () => {}, warn: () => {} };

/** One finding per server. @param variables what `${…}` in the settings stands for. */
export async function mcpFindings(
  entries: readonly ConfigEntry[],
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> {
  const set = entries.filter(({ path }) => path.startsWith(`${actSection.name}.`));
  const settings: ActSettings = {
    ...defaultsOf(actSection),
    ...Object.fromEntries(set.map(({ path, value }) => [path.slice(actSection.name.length + 1), value])),
  };
  const mcp = await startMcpServers(settings, variables, silent);
  try {
    return mcp.servers.map(({ name, state, problem = "not connected", protocolVersion, tools }): Finding => {
      const what = `MCP server: ${name}`;
      if (state === "ready")
        return { what, state: "ok", detail: `${countOf(tools.length, "tool")}, protocol ${protocolVersion}` };
      return { what, state: "wrong", detail: problem, advice: "Correct it in act.mcpServers, or set disabled: true" };
    });
  } finally {
    await mcp.close();
  }
}
