// A request of OpenAI's Responses API. Nothing is stored there, and nothing of an earlier call is relied on.
import type { ResponseCreateParamsBase, ResponseInputItem } from "openai/resources/responses/responses";
import type { Capabilities } from "../../capabilities.ts";
import type { WirePrompt } from "../../prompts/wire-prompt.ts";
import type { ProviderCall } from "../../provider.ts";
import { isStrictSchema } from "./strict-schema.ts";

export function responsesRequest(call: ProviderCall, prompt: WirePrompt, { limits }: Capabilities): ResponseCreateParamsBase {
  return {
    model: call.model,
    input: inputItems(prompt),
    store: false,
    max_output_tokens: Math.max(limits.smallestOutputTokens, call.maxOutputTokens),
    ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
    ...(call.tools.length === 0
      ? {}
      : {
          tool_choice: call.toolChoice,
          tools: call.tools.map((tool) => ({
            type: "function" as const,
            name: prompt.names.toVendor(tool.name),
            description: tool.description,
            parameters: tool.parameters,
            strict: false,
          })),
        }),
    ...(call.outputSchema === undefined
      ? {}
      : {
          text: {
            format: {
              type: "json_schema" as const,
              name: "answer",
              schema: call.outputSchema,
              strict: isStrictSchema(call.outputSchema),
            },
          },
        }),
  };
}

function inputItems({ messages, names }: WirePrompt): ResponseInputItem[] {
  return messages.flatMap((message): ResponseInputItem[] => {
    if (message.role === "tool") {
      return [{ type: "function_call_output", call_id: message.toolRequestId ?? "", output: message.text }];
    }
    const calls = (message.toolRequests ?? []).map((request) => ({
      type: "function_call" as const,
      call_id: request.id,
      name: names.toVendor(request.name),
      arguments: JSON.stringify(request.arguments),
    }));
    return [...(message.text === "" ? [] : [{ role: message.role, content: message.text }]), ...calls];
  });
}
