// What every vendor insists on: a tool's answer follows the call it belongs to.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";

/**
 * A tool message that answers no call in an earlier message (a caller may hand in such a conversation) becomes a
 * message of the user; empty messages, which some vendors refuse, go.
 */
export function wellFormedMessages(messages: readonly PromptMessage[]): PromptMessage[] {
  const asked = new Set<string>();
  return messages.flatMap((message): PromptMessage[] => {
    for (const request of message.toolRequests ?? []) asked.add(request.id);
    if (message.role === "tool" && !(message.toolRequestId && asked.has(message.toolRequestId))) {
      const { toolRequestId: _call, ...told } = message;
      return message.text === "" ? [] : [{ ...told, role: "user" }];
    }
    const holdsNothing = [message.toolRequests, message.parts, message.reasoning].every((held) => (held ?? []).length === 0);
    const empty = message.text === "" && message.role !== "tool" && holdsNothing;
    return empty ? [] : [message];
  });
}

/** Names of all tools that a conversation and an offer speak of. */
export const toolNamesIn = (messages: readonly PromptMessage[], offered: readonly { readonly name: string }[]): string[] => [
  ...offered.map((tool) => tool.name),
  ...messages.flatMap((message) => (message.toolRequests ?? []).map((request) => request.name)),
];

/** A name for a call that came without one, unique within the conversation. */
export const nextToolRequestId = (messages: readonly PromptMessage[], index: number): string =>
  `call-${messages.reduce((sum, message) => sum + (message.toolRequests?.length ?? 0), 0) + index + 1}`;
