// Writes the definitions of tools within a vendor's own request shorter; everything else of it stays as its caller wrote it.
import type { NativeRequest } from "@nocp/contracts/native-request.ts";
import type { OfferedTool } from "@nocp/contracts/prompt.ts";

type Json = Readonly<Record<string, unknown>>;
export type RewriteDefinition = (tool: Pick<OfferedTool, "name" | "description" | "parameters">) => typeof tool;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Of tools that the caller runs and that take JSON. A body that is only a part of a request has no tools that NOCP wrote. */
export function rewriteToolDefinitions(native: NativeRequest, rewrite: RewriteDefinition): NativeRequest {
  const { tools } = native.body;
  if (!native.whole || !Array.isArray(tools)) return native;
  return { ...native, body: { ...native.body, tools: tools.map((tool) => (isObject(tool) ? rewritten(tool, rewrite) : tool)) } };
}

/** Chat Completions has the definition in `function`, the Responses API also in namespaces, and Anthropic its own field. */
function rewritten(tool: Json, rewrite: RewriteDefinition): Json {
  if (isObject(tool.function)) return { ...tool, function: definition(tool.function, "parameters", rewrite) };
  if (tool.type === "namespace" && Array.isArray(tool.tools))
    return { ...tool, tools: tool.tools.map((inner) => (isObject(inner) ? rewritten(inner, rewrite) : inner)) };
  return definition(tool, isObject(tool.input_schema) ? "input_schema" : "parameters", rewrite);
}

function definition(tool: Json, field: string, rewrite: RewriteDefinition): Json {
  const { name, description, [field]: parameters } = tool;
  if (typeof name !== "string" || !isObject(parameters)) return tool;
  const written = rewrite({ name, description: typeof description === "string" ? description : "", parameters });
  return {
    ...tool,
    ...(typeof description === "string" ? { description: written.description } : {}),
    [field]: written.parameters,
  };
}
