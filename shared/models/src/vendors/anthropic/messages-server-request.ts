// A request of Anthropic's Messages API that a client sends to NOCP.
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import type { OfferedTool } from "@nocp/contracts/prompt.ts";
import type { NocpRequestInput, ReasoningEffort, ToolChoice } from "@nocp/contracts/request.ts";
import { z } from "zod";
import { checkFields, fieldsBesideTranslated, untranslatedFields, withoutEdgeFields } from "../../request-fields.ts";
import { InvalidField, type ServerCall } from "../../server-api.ts";
import { betasSchema } from "./betas.ts";
import { contextManagementSchema, isAnthropicModel, planContext } from "./context-management.ts";
import { messagesFields } from "./messages-fields.ts";
import { blocksSchema, conversationMessages, systemText } from "./server-content.ts";

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const tool = z.looseObject({
  type: optional(z.string()),
  name: z.string().min(1).max(128),
  description: optional(z.string()),
  input_schema: optional(z.record(z.string(), z.unknown())),
});

const bodySchema = z.looseObject({
  model: z.string().min(1).max(264),
  max_tokens: optional(z.int().positive()),
  messages: z
    .array(z.looseObject({ role: z.enum(["user", "assistant", "system"]), content: z.union([z.string(), blocksSchema]) }))
    .min(1)
    .max(5_000),
  system: optional(z.union([z.string(), blocksSchema])),
  tools: optional(z.array(tool).max(1_024)),
  tool_choice: optional(
    z.looseObject({
      type: z.enum(["auto", "any", "tool", "none"]),
      name: optional(z.string()),
      disable_parallel_tool_use: optional(z.boolean()),
    }),
  ),
  output_config: optional(
    z.looseObject({
      effort: optional(z.string()),
      format: optional(z.looseObject({ type: z.string(), schema: optional(z.record(z.string(), z.unknown())) })),
    }),
  ),
  stop_sequences: optional(z.array(z.string().min(1)).max(16)),
  temperature: optional(z.number().min(0).max(1)),
  top_p: optional(z.number().min(0).max(1)),
  stream: optional(z.boolean()),
  thinking: optional(z.looseObject({ type: z.string() })),
  metadata: optional(z.record(z.string(), z.unknown())),
  betas: optional(betasSchema),
  context_management: optional(contextManagementSchema),
});
type MessagesBody = z.infer<typeof bodySchema>;

/** All of a call but how it is answered. @throws InvalidField naming what is wrong, or what NOCP cannot honour. */
export function readMessagesServerRequest(body: Readonly<Record<string, unknown>>): Omit<ServerCall, "answer" | "stream"> {
  checkFields(body, messagesFields);
  const checked = bodySchema.safeParse(body);
  if (!checked.success)
    throw new InvalidField(checked.error.issues[0]?.path.join(".") ?? "body", describeProblems(checked.error));
  const read = checked.data;
  const context = planContext(read.context_management, isAnthropicModel(read.model));
  const { context_management: _asked, ...others } = withoutEdgeFields(body, messagesFields);
  const own = context.sent === undefined ? others : { ...others, context_management: context.sent };
  const tools = (read.tools ?? []).map(offeredTool);
  const partly = partlyTranslated(read);
  const untranslated = [...untranslatedFields(own, messagesFields), ...partly];
  const rest = fieldsBesideTranslated(own, messagesFields);
  for (const name of partly) rest[name] = others[name];
  const system = systemText(read.system);
  return {
    model: read.model,
    request: {
      messages: [
        ...(system === "" ? [] : [{ role: "system" as const, text: system }]),
        ...read.messages.flatMap(({ role, content }, at) => conversationMessages(role, content, `messages[${at}]`)),
      ],
      callerTools: tools,
      toolChoice: toolChoiceOf(read),
      generation: generationOf(read),
      output: outputOf(read),
      temperature: read.temperature,
      maxOutputTokens: read.max_tokens,
    },
    native: { api: "anthropic-messages", body: own, whole: true, untranslated },
    nativeRest: { api: "anthropic-messages", body: rest, whole: false, untranslated },
    metadata: Object.fromEntries(
      Object.entries(read.metadata ?? {}).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
    ),
    streams: read.stream ?? false,
    contextLimit: context.limit,
  };
}

const efforts: readonly ReasoningEffort[] = ["low", "medium", "high"];
const knownEffort = ({ output_config }: MessagesBody): ReasoningEffort | undefined =>
  efforts.find((effort) => effort === output_config?.effort);

/** Fields of which NOCP knows some values: the others exist in this API alone. */
const partlyTranslated = (body: MessagesBody): string[] => [
  ...((body.tools ?? []).some(({ type }) => !isCustom(type)) ? ["tools"] : []),
  ...(body.output_config?.effort !== undefined && knownEffort(body) === undefined ? ["output_config"] : []),
];

const isCustom = (type: string | undefined): boolean => type === undefined || type === "custom";
/** Kinds of Anthropic's own tools that its caller runs (platform.claude.com/docs/en/agents-and-tools/tool-use/overview). */
const ownCallerTools = /^(bash|text_editor|computer|memory)_\d+$/;

function offeredTool({ type, name, description = "", input_schema }: z.infer<typeof tool>, at: number): OfferedTool {
  if (!isCustom(type) && !ownCallerTools.test(type ?? ""))
    throw new InvalidField(`tools[${at}].type`, `NOCP does not support ${type}: it runs at Anthropic`);
  return { name, description, parameters: input_schema ?? { type: "object", properties: {} } };
}

function toolChoiceOf({ tool_choice, tools }: MessagesBody): ToolChoice {
  if (tool_choice === undefined || (tools ?? []).length === 0) return "auto";
  if (tool_choice.type === "any") return "required";
  if (tool_choice.type !== "tool") return tool_choice.type;
  if (!tool_choice.name) throw new InvalidField("tool_choice.name", "must name a tool");
  return { name: tool_choice.name };
}

function generationOf(body: MessagesBody): NonNullable<NocpRequestInput["generation"]> {
  const effort = knownEffort(body);
  return {
    ...(body.stop_sequences === undefined ? {} : { stop: body.stop_sequences }),
    ...(body.top_p === undefined || body.top_p === 0 ? {} : { topP: body.top_p }),
    ...(effort === undefined ? {} : { reasoningEffort: effort }),
    ...(body.tool_choice?.disable_parallel_tool_use ? { parallelToolCalls: false } : {}),
  };
}

function outputOf({ output_config }: MessagesBody): NonNullable<NocpRequestInput["output"]> {
  const schema = output_config?.format?.type === "json_schema" ? output_config.format.schema : undefined;
  return { verbatim: true, format: "text", ...(schema === undefined ? {} : { schema }) };
}
