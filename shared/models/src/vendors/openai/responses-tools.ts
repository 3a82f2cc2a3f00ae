// Kinds of tools of the Responses API that the caller runs, as NOCP's tools, and their calls back again. Tools of free text
// become functions of one argument; those of a namespace get its name before theirs.
import type { OfferedTool, ToolRequest } from "@nocp/contracts/prompt.ts";
import { z } from "zod";
import { InvalidField } from "../../server-api.ts";

type Json = Readonly<Record<string, unknown>>;

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const toolSchema = z.looseObject({
  type: z.string(),
  name: optional(z.string().min(1).max(128)),
  description: optional(z.string()),
  parameters: optional(z.record(z.string(), z.unknown())),
  format: optional(z.looseObject({ type: z.string(), definition: optional(z.string()) })),
  tools: optional(z.array(z.looseObject({ type: z.string(), name: z.string().min(1).max(128) }))),
});
export const toolsSchema = z.array(toolSchema).max(1_024);
type SentTool = z.infer<typeof toolSchema>;

/** The argument of the function that stands for a tool of free text. */
const freeText = "input";

/** The JSON of its arguments around, and with, a piece of the free text. */
export const freeTextArguments = {
  before: `{${JSON.stringify(freeText)}:"`,
  within: (text: string): string => JSON.stringify(text).slice(1, -1),
  after: '"}',
};

/** Searches the web at OpenAI, which no other API does: only the Responses API is asked. */
const isSearch = (type: string): boolean => /^web_search(_|$)/.test(type);
export const hasSearch = (tools: readonly SentTool[]): boolean => tools.some(({ type }) => isSearch(type));

/** @throws InvalidField for a kind that NOCP cannot hand on. */
export const offeredTools = (tools: readonly SentTool[]): OfferedTool[] =>
  tools.flatMap((tool, at) => (isSearch(tool.type) ? [] : offered(tool, `tools[${at}]`)));

function offered(tool: SentTool, where: string, namespace?: string): OfferedTool[] {
  const { type, name, description = "", parameters } = tool;
  if (type === "namespace" && namespace === undefined && name !== undefined)
    return (tool.tools ?? []).flatMap((inner, at) => {
      const checked = toolSchema.safeParse(inner);
      if (!checked.success) throw new InvalidField(`${where}.tools[${at}]`, "must be a tool");
      return offered(checked.data, `${where}.tools[${at}]`, name);
    });
  if (type !== "function" && type !== "custom")
    throw new InvalidField(`${where}.type`, `NOCP does not support tools of the type ${type}`);
  if (name === undefined) throw new InvalidField(`${where}.name`, "is missing");
  const full = fullName(name, namespace);
  if (full.length > 128) throw new InvalidField(`${where}.name`, "is longer than 128 characters with its namespace");
  if (type === "custom") return [{ name: full, description: describeFreeText(tool), parameters: freeTextParameters }];
  return [{ name: full, description, parameters: parameters ?? { type: "object", properties: {} } }];
}

const freeTextParameters = {
  type: "object",
  properties: { [freeText]: { type: "string", description: "The whole input of the tool, as it is." } },
  required: [freeText],
  additionalProperties: false,
};

/** A model that is given a function cannot be held to a grammar, but it can read one. */
const describeFreeText = ({ description = "", format }: SentTool): string =>
  format?.definition === undefined ? description : `${description}\n\nThe input must follow this grammar:\n${format.definition}`;

/** Codex ends a namespace with what stands between it and the name. */
const fullName = (name: string, namespace: unknown): string => {
  if (typeof namespace !== "string" || namespace === "") return name;
  return namespace.endsWith("__") ? namespace + name : `${namespace}__${name}`;
};

/** @returns undefined for an item that is no call of a tool that the caller runs, or an incomplete one. */
export function readCall({
  type,
  call_id,
  name,
  namespace,
  arguments: text,
  input,
}: Json): { readonly id: string; readonly name: string; readonly sent: unknown } | undefined {
  if (typeof call_id !== "string" || typeof name !== "string" || call_id === "" || name === "") return undefined;
  const full = fullName(name, namespace);
  if (isFreeTextCall({ type })) return { id: call_id, name: full, sent: { [freeText]: typeof input === "string" ? input : "" } };
  return type === "function_call" ? { id: call_id, name: full, sent: text } : undefined;
}

/** A search is the vendor's, which bills it by itself and wants to see it again with the next turn. */
export const isSearchCall = (type: unknown): boolean => type === "web_search_call";

export const isCall = (type: unknown): boolean => type === "function_call" || isFreeTextCall({ type });

export const isFreeTextCall = ({ type }: Json): boolean => type === "custom_tool_call";

/** How a client knows the tool that NOCP calls by one name. */
interface KnownTool {
  readonly isFreeText: boolean;
  readonly name: string;
  readonly namespace?: string;
}

/** @param tools as the client sent them; they were checked when the call came in. */
export function knownTools(tools: unknown): ReadonlyMap<string, KnownTool> {
  const known = new Map<string, KnownTool>();
  const add = (tool: unknown, namespace?: string): void => {
    const { type, name, tools: inner } = (tool ?? {}) as Json;
    if (typeof name !== "string") return;
    if (type === "namespace" && Array.isArray(inner)) for (const one of inner) add(one, name);
    else known.set(fullName(name, namespace), { isFreeText: type === "custom", name, ...(namespace ? { namespace } : {}) });
  };
  if (Array.isArray(tools)) for (const tool of tools) add(tool);
  return known;
}

export const isFreeTextTool = (name: string, known: ReadonlyMap<string, KnownTool>): boolean =>
  known.get(name)?.isFreeText ?? false;

/** What the arguments of a tool of free text say; of other arguments, which a model may give all the same, their JSON. */
export function freeTextOf(input: Json): string {
  const text = input[freeText];
  return typeof text === "string" ? text : JSON.stringify(input);
}

/** A call as an item of a response. */
export const callItem = (request: ToolRequest, known: ReadonlyMap<string, KnownTool>) =>
  itemOfCall(
    request,
    isFreeTextTool(request.name, known) ? freeTextOf(request.arguments) : JSON.stringify(request.arguments),
    known,
  );

/** @param written its free text, or the JSON of its arguments, as much of it as there is. */
export function itemOfCall(
  { id, name }: Pick<ToolRequest, "id" | "name">,
  written: string,
  known: ReadonlyMap<string, KnownTool>,
) {
  const tool = known.get(name) ?? { isFreeText: false, name };
  const names = { call_id: id, name: tool.name, ...(tool.namespace === undefined ? {} : { namespace: tool.namespace }) };
  if (tool.isFreeText)
    return { id: `ctc_${id}`.slice(0, 64), type: "custom_tool_call" as const, status: "completed", ...names, input: written };
  return { id: `fc_${id}`.slice(0, 64), type: "function_call" as const, status: "completed", ...names, arguments: written };
}
