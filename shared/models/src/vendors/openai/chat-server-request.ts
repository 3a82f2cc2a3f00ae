// A request of Chat Completions that a client sends to NOCP.
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import type { ContentPart, ToolRequest } from "@nocp/contracts/prompt.ts";
import { type ConversationMessage, type NocpRequestInput, reasoningEfforts, type ToolChoice } from "@nocp/contracts/request.ts";
import { z } from "zod";
import { checkFields, fieldsBesideTranslated, untranslatedFields, withoutEdgeFields } from "../../request-fields.ts";
import { sentArguments } from "../../sent-arguments.ts";
import { InvalidField, type ServerCall } from "../../server-api.ts";
import { chatFields } from "./chat-fields.ts";
import { contentPartOf, textOfContent } from "./server-content.ts";

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const content = optional(z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]));
const toolCall = z.looseObject({
  id: z.string().min(1),
  type: z.string().default("function"),
  function: z.looseObject({ name: z.string().min(1), arguments: z.string() }).optional(),
});
const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content,
  refusal: optional(z.string()),
  tool_calls: optional(z.array(toolCall)),
  tool_call_id: optional(z.string().min(1)),
});
type ChatMessage = z.infer<typeof message>;

const tool = z.looseObject({
  type: z.string(),
  function: z
    .looseObject({
      name: z.string().min(1).max(128),
      description: optional(z.string()),
      parameters: optional(z.record(z.string(), z.unknown())),
    })
    .optional(),
});

const bodySchema = z.looseObject({
  model: z.string().min(1).max(264),
  messages: z.array(message).min(1).max(10_000),
  tools: optional(z.array(tool).max(1_024)),
  tool_choice: optional(z.union([z.string(), z.looseObject({ type: z.string() })])),
  response_format: optional(
    z.looseObject({
      type: z.string(),
      json_schema: z.looseObject({ schema: optional(z.record(z.string(), z.unknown())) }).optional(),
    }),
  ),
  reasoning_effort: optional(z.string()),
  max_completion_tokens: optional(z.int().positive()),
  max_tokens: optional(z.int().positive()),
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().min(0).max(1)),
  n: optional(z.int().min(1).max(16)),
  stop: optional(z.union([z.string().min(1), z.array(z.string().min(1)).max(16)])),
  seed: optional(z.int()),
  parallel_tool_calls: optional(z.boolean()),
  stream: optional(z.boolean()),
  stream_options: optional(z.looseObject({ include_usage: optional(z.boolean()) })),
  metadata: optional(z.record(z.string().max(128), z.string().max(2000))),
});
type ChatBody = z.infer<typeof bodySchema>;

/** All of a call but how it is answered. */
export interface ChatServerRequest extends Omit<ServerCall, "answer" | "stream"> {
  readonly includeUsage: boolean;
}

/** @throws InvalidField naming what is wrong, or what NOCP cannot honour. */
export function readChatServerRequest(body: Readonly<Record<string, unknown>>): ChatServerRequest {
  checkFields(body, chatFields);
  const checked = bodySchema.safeParse(body);
  if (!checked.success)
    throw new InvalidField(checked.error.issues[0]?.path.join(".") ?? "body", describeProblems(checked.error));
  const read = checked.data;
  const own = withoutEdgeFields(body, chatFields);
  const untranslated = [...untranslatedFields(own, chatFields), ...partlyTranslated(read)];
  const rest = fieldsBesideTranslated(own, chatFields);
  for (const name of partlyTranslated(read)) rest[name] = own[name];
  return {
    model: read.model,
    request: {
      messages: read.messages.map(conversationMessage),
      callerTools: (read.tools ?? []).map(offeredTool),
      toolChoice: toolChoiceOf(read),
      generation: generationOf(read),
      output: outputOf(read),
      temperature: read.temperature,
      maxOutputTokens: read.max_completion_tokens ?? read.max_tokens,
    },
    native: { api: "openai-chat", body: own, whole: true, untranslated },
    nativeRest: { api: "openai-chat", body: rest, whole: false, untranslated },
    metadata: read.metadata ?? {},
    streams: read.stream ?? false,
    includeUsage: read.stream_options?.include_usage ?? false,
  };
}

const knownEffort = (effort: string | undefined) => reasoningEfforts.find((known) => known === effort);

/** Fields of which NOCP knows some values: the others exist in this API alone. */
const partlyTranslated = ({ response_format, reasoning_effort, tool_choice }: ChatBody): string[] => [
  ...(response_format !== undefined && !["text", "json_schema"].includes(response_format.type) ? ["response_format"] : []),
  ...(reasoning_effort !== undefined && knownEffort(reasoning_effort) === undefined ? ["reasoning_effort"] : []),
  ...(typeof tool_choice === "object" && tool_choice.type !== "function" ? ["tool_choice"] : []),
];

function generationOf({
  n,
  stop,
  top_p,
  seed,
  reasoning_effort,
  parallel_tool_calls,
}: ChatBody): NonNullable<NocpRequestInput["generation"]> {
  const effort = knownEffort(reasoning_effort);
  return {
    ...(n === undefined || n === 1 ? {} : { n }),
    ...(stop === undefined ? {} : { stop: typeof stop === "string" ? [stop] : stop }),
    // 0 is the smallest there is to OpenAI, and no value at all to others.
    ...(top_p === undefined || top_p === 0 ? {} : { topP: top_p }),
    ...(seed === undefined ? {} : { seed }),
    ...(effort === undefined ? {} : { reasoningEffort: effort }),
    ...(parallel_tool_calls === false ? { parallelToolCalls: false } : {}),
  };
}

function outputOf({ response_format }: ChatBody): NonNullable<NocpRequestInput["output"]> {
  const schema = response_format?.type === "json_schema" ? response_format.json_schema?.schema : undefined;
  return { verbatim: true, format: "text", ...(schema === undefined ? {} : { schema }) };
}

function toolChoiceOf({ tool_choice, tools }: ChatBody): ToolChoice {
  if (tool_choice === undefined || (tools ?? []).length === 0) return "auto";
  if (tool_choice === "auto" || tool_choice === "none" || tool_choice === "required") return tool_choice;
  if (typeof tool_choice === "string") throw new InvalidField("tool_choice", "must be auto, none, required or a tool");
  const name = (tool_choice.function as { name?: unknown } | undefined)?.name;
  if (tool_choice.type !== "function") return "auto";
  if (typeof name !== "string" || name === "") throw new InvalidField("tool_choice.function.name", "must name a tool");
  return { name };
}

function offeredTool({ type, function: definition }: z.infer<typeof tool>, at: number) {
  if (type !== "function") throw new InvalidField(`tools[${at}].type`, `NOCP does not support tools of the type ${type}`);
  if (definition === undefined) throw new InvalidField(`tools[${at}].function`, "is missing");
  const { name, description = "", parameters = { type: "object", properties: {} } } = definition;
  return { name, description, parameters };
}

function conversationMessage(sent: ChatMessage, at: number): z.input<z.ZodType<ConversationMessage>> & ConversationMessage {
  const { role, refusal, tool_calls, tool_call_id } = sent;
  const where = `messages[${at}]`;
  if (role === "system" || role === "developer") return { role: "system", text: textOfContent(sent.content, where) };
  if (role === "tool") {
    if (tool_call_id === undefined) throw new InvalidField(`${where}.tool_call_id`, "is missing");
    return { role, text: textOfContent(sent.content, where), toolRequestId: tool_call_id };
  }
  if (role === "assistant") {
    const text = sent.content === undefined ? (refusal ?? "") : textOfContent(sent.content, where);
    return { role, text, ...(tool_calls?.length ? { toolRequests: tool_calls.map((call) => toolRequest(call, where)) } : {}) };
  }
  return { role, ...userContent(sent.content, where) };
}

function toolRequest({ id, type, function: called }: z.infer<typeof toolCall>, where: string): ToolRequest {
  if (type !== "function" || called === undefined)
    throw new InvalidField(`${where}.tool_calls`, `NOCP does not support calls of the type ${type}`);
  return { id, name: called.name, arguments: sentArguments(called.arguments) };
}

/** NOCP's text comes last: what follows the last text is a part, and so is everything before it. */
function userContent(sent: ChatMessage["content"], where: string): { text: string; parts?: ContentPart[] } {
  if (sent === undefined || typeof sent === "string") return { text: sent ?? "" };
  const parts = sent.map((part, at) => contentPartOf(part, `${where}.content[${at}]`));
  const last = parts.at(-1);
  if (last?.type !== "text") return { text: "", parts };
  return { text: last.text, ...(parts.length === 1 ? {} : { parts: parts.slice(0, -1) }) };
}
