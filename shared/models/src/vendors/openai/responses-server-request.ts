// A request of the Responses API that a client sends to NOCP.
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { type NocpRequestInput, reasoningEfforts, type ToolChoice } from "@nocp/contracts/request.ts";
import { z } from "zod";
import { checkFields, fieldsBesideTranslated, untranslatedFields, withoutEdgeFields } from "../../request-fields.ts";
import { InvalidField, type ServerCall } from "../../server-api.ts";
import { responsesFields } from "./responses-fields.ts";
import { inputSchema, messagesOfInput } from "./responses-server-input.ts";
import { hasSearch, offeredTools, toolsSchema } from "./responses-tools.ts";

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const bodySchema = z.looseObject({
  model: z.string().min(1).max(264),
  input: inputSchema,
  instructions: optional(z.string()),
  tools: optional(toolsSchema),
  tool_choice: optional(z.union([z.string(), z.looseObject({ type: z.string(), name: optional(z.string()) })])),
  text: optional(
    z.looseObject({
      format: optional(z.looseObject({ type: z.string(), schema: optional(z.record(z.string(), z.unknown())) })),
      verbosity: optional(z.string()),
    }),
  ),
  reasoning: optional(z.looseObject({ effort: optional(z.string()) })),
  max_output_tokens: optional(z.int().positive()),
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().min(0).max(1)),
  parallel_tool_calls: optional(z.boolean()),
  stream: optional(z.boolean()),
  metadata: optional(z.record(z.string().max(128), z.string().max(2000))),
  context_management: optional(
    z.array(z.looseObject({ type: z.literal("compaction"), compact_threshold: optional(z.int().positive()) })).max(4),
  ),
});
type ResponsesBody = z.infer<typeof bodySchema>;

/** All of a call but how it is answered. @throws InvalidField naming what is wrong, or what NOCP cannot honour. */
export function readResponsesServerRequest(body: Readonly<Record<string, unknown>>): Omit<ServerCall, "answer" | "stream"> {
  checkFields(body, responsesFields);
  const checked = bodySchema.safeParse(body);
  if (!checked.success)
    throw new InvalidField(checked.error.issues[0]?.path.join(".") ?? "body", describeProblems(checked.error));
  const read = checked.data;
  // NOCP keeps the conversation: what the vendor kept of it could not be named by the next call.
  const own = { ...withoutEdgeFields(body, responsesFields), store: false };
  const partly = partlyTranslated(read);
  const untranslated = [...untranslatedFields(own, responsesFields), ...partly];
  const rest = fieldsBesideTranslated(own, responsesFields);
  for (const name of partly) rest[name] = (own as Record<string, unknown>)[name];
  return {
    model: read.model,
    request: {
      messages: [
        ...(read.instructions ? [{ role: "system" as const, text: read.instructions }] : []),
        ...messagesOfInput(read.input),
      ],
      callerTools: offeredTools(read.tools ?? []),
      toolChoice: toolChoiceOf(read),
      generation: generationOf(read),
      output: outputOf(read),
      temperature: read.temperature,
      maxOutputTokens: read.max_output_tokens,
    },
    native: { api: "openai-responses", body: own, whole: true, untranslated },
    nativeRest: { api: "openai-responses", body: rest, whole: false, untranslated },
    metadata: read.metadata ?? {},
    streams: read.stream ?? false,
    contextLimit: contextLimitOf(read),
  };
}

/** From 200,000 tokens on, where the caller does not say. */
const contextLimitOf = ({ context_management }: ResponsesBody): number | undefined =>
  context_management === undefined || context_management.length === 0
    ? undefined
    : Math.min(...context_management.map(({ compact_threshold = 200_000 }) => compact_threshold));

const knownEffort = ({ reasoning }: ResponsesBody) => reasoningEfforts.find((effort) => effort === reasoning?.effort);

/** Fields of which NOCP knows some values: the others exist in this API alone. */
const partlyTranslated = (body: ResponsesBody): string[] => [
  ...(body.text?.format?.type === "json_object" || (body.text?.verbosity ?? "medium") !== "medium" ? ["text"] : []),
  ...(body.reasoning?.effort !== undefined && knownEffort(body) === undefined ? ["reasoning"] : []),
  ...(hasSearch(body.tools ?? []) ? ["tools"] : []),
];

function toolChoiceOf({ tool_choice, tools }: ResponsesBody): ToolChoice {
  if (tool_choice === undefined || (tools ?? []).length === 0) return "auto";
  if (tool_choice === "auto" || tool_choice === "none" || tool_choice === "required") return tool_choice;
  const isTool = typeof tool_choice === "object" && (tool_choice.type === "function" || tool_choice.type === "custom");
  if (isTool && tool_choice.name) return { name: tool_choice.name };
  throw new InvalidField("tool_choice", "NOCP supports auto, none, required and a tool of the caller");
}

function generationOf(body: ResponsesBody): NonNullable<NocpRequestInput["generation"]> {
  const effort = knownEffort(body);
  return {
    ...(body.top_p === undefined || body.top_p === 0 ? {} : { topP: body.top_p }),
    ...(effort === undefined ? {} : { reasoningEffort: effort }),
    ...(body.parallel_tool_calls === false ? { parallelToolCalls: false } : {}),
  };
}

function outputOf({ text }: ResponsesBody): NonNullable<NocpRequestInput["output"]> {
  const schema = text?.format?.type === "json_schema" ? text.format.schema : undefined;
  return { verbatim: true, format: "text", ...(schema === undefined ? {} : { schema }) };
}
