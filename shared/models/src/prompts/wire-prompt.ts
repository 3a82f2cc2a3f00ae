// A prompt as it goes over the wire: its messages in the order vendors insist on, its tools under names they allow.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import type { Capabilities } from "../capabilities.ts";
import type { ProviderCall } from "../provider.ts";
import { createToolNames, type ToolNames } from "./tool-names.ts";
import { toolNamesIn, wellFormedMessages } from "./well-formed-messages.ts";

export interface WirePrompt {
  readonly messages: readonly PromptMessage[];
  readonly names: ToolNames;
}

export function wirePrompt(call: Pick<ProviderCall, "messages" | "tools">, { limits }: Capabilities): WirePrompt {
  const messages = wellFormedMessages(call.messages).map(withWholeTexts);
  return { messages, names: createToolNames(toolNamesIn(messages, call.tools), limits.toolNameLength) };
}

/** Of a request that is sent as its caller wrote it: names stay as they are. */
export const promptAsWritten = ({ messages }: Pick<ProviderCall, "messages">): WirePrompt => ({
  messages,
  names: { toVendor: (name) => name, fromVendor: (name) => name },
});

/** Halves of characters may come from a cut as well as from a caller; arguments of calls are checked where they are read. */
const withWholeTexts = (message: PromptMessage): PromptMessage =>
  message.text.isWellFormed() ? message : { ...message, text: message.text.toWellFormed() };
