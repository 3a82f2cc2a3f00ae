// The tool with which a model asks for tools that were held back: act answers it, and assess offers what was asked for.
import { z } from "zod";
import type { OfferedTool, ToolRequest } from "./prompt.ts";

/** How the definitions of tools are sent to the model; later ones are shorter. */
export const toolDefinitionModes = ["whole", "compact", "short", "selected"] as const;
export type ToolDefinitionMode = (typeof toolDefinitionModes)[number];

export const loadToolName = "tools.load";

const argumentsSchema = z.object({ names: z.array(z.string()) });

/** The names that a call of the tool asks for; none where its arguments are wrong. */
export function loadedNames(call: Pick<ToolRequest, "name" | "arguments">): readonly string[] {
  const read = call.name === loadToolName ? argumentsSchema.safeParse(call.arguments) : undefined;
  return read?.success ? read.data.names : [];
}

/** @param held the names of what is held back, each with what else is to be said of it. */
export const loadTool = (held: readonly string[] = []): OfferedTool => ({
  name: loadToolName,
  description: [
    "Makes further tools available from your next turn on.",
    "Call it with the names of all that the task needs, before you say that something cannot be done.",
    ...(held.length === 0 ? [] : [`There are: ${held.join(", ")}`]),
  ].join(" "),
  parameters: {
    type: "object",
    properties: { names: { type: "array", items: { type: "string" }, description: "Names of tools from the list" } },
    required: ["names"],
  },
});
