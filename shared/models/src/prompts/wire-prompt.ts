// A prompt as it goes over the wire: its messages in the order vendors insist on, its tools under names they allow.
import type { OfferedTool, PromptMessage } from "@nocp/contracts/prompt.ts";
import type { Capabilities } from "../capabilities.ts";
import type { ProviderCall } from "../provider.ts";
import { withCacheMarks } from "./cache-marks.ts";
import { createToolNames, type ToolNames } from "./tool-names.ts";
import { toolNamesIn, wellFormedMessages } from "./well-formed-messages.ts";

export interface WirePrompt {
  /** With the marks for the vendor's cache, and no others. */
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly OfferedTool[];
  readonly names: ToolNames;
}

export function wirePrompt(
  { messages: given, tools, promptCaching }: Pick<ProviderCall, "messages" | "tools" | "promptCaching">,
  { limits, promptCaching: support }: Capabilities,
): WirePrompt {
  const messages = wellFormedMessages(given).map(withWholeTexts);
  const names = createToolNames(toolNamesIn(messages, tools), limits.toolNameLength);
  return { ...withCacheMarks({ messages, tools }, promptCaching, support), names };
}

/** Of a request that is sent as its caller wrote it: names stay as they are. */
export const promptAsWritten = ({ messages, tools }: Pick<ProviderCall, "messages" | "tools">): WirePrompt => ({
  messages,
  tools,
  names: { toVendor: (name) => name, fromVendor: (name) => name },
});

/** Halves of characters may come from a cut as well as from a caller; arguments of calls are checked where they are read. */
const withWholeTexts = (message: PromptMessage): PromptMessage =>
  message.text.isWellFormed() ? message : { ...message, text: message.text.toWellFormed() };
