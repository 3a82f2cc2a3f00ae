// A streamed answer of Anthropic's Messages API, put together to the message that it stands for.
import type { RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages/messages";
import type { z } from "zod";
import { brokenStream, parseResponse, parseToolArguments } from "../../answers/read-answer.ts";
import { type Message, messageSchema, type usageSchema } from "./messages-answer.ts";

/**
 * @param asked the model that was asked, for a stream that names none.
 * @throws NocpError PROVIDER_UNAVAILABLE when the stream ends without a reason.
 */
export async function readMessagesStream(
  stream: AsyncIterable<RawMessageStreamEvent>,
  asked: string,
  onDelta: (text: string) => void,
): Promise<Message> {
  let model: string = asked;
  let stopReason: string | null = null;
  let usage: z.infer<typeof usageSchema> = {};
  const texts: string[] = [];
  const tools = new Map<number, { id: string; name: string; json: string }>();
  for await (const event of stream) {
    switch (event.type) {
      case "message_start":
        model = event.message.model;
        usage = { ...event.message.usage };
        break;
      case "content_block_start":
        if (event.content_block.type === "tool_use") {
          tools.set(event.index, { id: event.content_block.id, name: event.content_block.name, json: "" });
        }
        break;
      case "content_block_delta":
        if (event.delta.type === "text_delta") {
          texts.push(event.delta.text);
          onDelta(event.delta.text);
        } else if (event.delta.type === "input_json_delta") {
          const tool = tools.get(event.index);
          if (tool) tool.json += event.delta.partial_json;
        }
        break;
      case "message_delta":
        stopReason = event.delta.stop_reason ?? stopReason;
        // Its counts are totals, and later than those of the start; absent ones stand.
        usage = { ...usage, ...Object.fromEntries(Object.entries(event.usage ?? {}).filter(([, value]) => value !== null)) };
        break;
    }
  }
  if (stopReason === null) throw brokenStream();
  const toolUses = [...tools.values()].map(({ id, name, json }) => ({
    type: "tool_use",
    id,
    name,
    input: parseToolArguments(json),
  }));
  return parseResponse(messageSchema, {
    model,
    stop_reason: stopReason,
    content: [{ type: "text", text: texts.join("") }, ...toolUses],
    usage,
  });
}
