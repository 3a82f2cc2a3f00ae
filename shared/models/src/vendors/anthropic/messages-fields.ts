// Every field of a request of Anthropic's Messages API, and what NOCP's gateway does with it.
import type { MessageCreateParamsBase } from "@anthropic-ai/sdk/resources/messages/messages";
import type { FieldTable } from "../../request-fields.ts";

/** Older than the SDK's types, and still sent to models that take them. */
interface SamplingFields {
  temperature: unknown;
  top_p: unknown;
  top_k: unknown;
}

/** Of features that are not everybody's yet. */
interface BetaFields {
  betas: unknown;
  context_management: unknown;
}

/** `nocp` is no field of Anthropic's: it holds what the headers `x-nocp-*` hold, for clients that cannot set headers. */
export const messagesFields: FieldTable<MessageCreateParamsBase & SamplingFields & BetaFields & { nocp: unknown }> = {
  model: { use: "translated", note: "`provider/model`, a model's name, or `nocp/auto`" },
  messages: { use: "translated", note: "text, images, documents, tool calls and their results, thinking" },
  system: { use: "translated" },
  max_tokens: { use: "translated" },
  tools: {
    use: "translated",
    note: "tools that the caller runs; Anthropic's own types of them reach its API only; tools that run at Anthropic are refused",
  },
  tool_choice: { use: "translated" },
  output_config: { use: "translated", note: "`effort` and `format`; efforts above `high` reach the Messages API only" },
  stop_sequences: {
    use: "translated",
    note: "at most 16; only the Messages API reports which one ended the answer",
  },
  temperature: { use: "translated" },
  top_p: { use: "translated" },
  stream: { use: "edge" },
  nocp: { use: "edge", note: "NOCP's own controls" },
  top_k: { use: "passed" },
  inference_geo: { use: "passed" },
  thinking: { use: "harmless", note: "streamed as it comes, block by block, signatures included" },
  cache_control: { use: "harmless" },
  metadata: { use: "harmless" },
  betas: { use: "harmless", note: "sent as the header `anthropic-beta`, as are the names in that header" },
  context_management: {
    use: "harmless",
    note: "Anthropic clears tool results and thinking itself; NOCP's compression replaces summaries, and everything for other models",
  },
  service_tier: { use: "harmless" },
  speed: { use: "harmless" },
  diagnostics: { use: "harmless" },
  user_profile_id: { use: "harmless" },
  workspace_id: { use: "harmless" },
  container: { use: "refused", note: "NOCP does not return the output of code that runs at Anthropic" },
};
