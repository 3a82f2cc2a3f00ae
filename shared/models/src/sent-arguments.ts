// The arguments of a call that a client sends back.
import { parseToolArguments } from "./answers/read-answer.ts";

/** Models write arguments that are no JSON, and their vendors take them back: they stay a text then. */
export function sentArguments(text: string): Record<string, unknown> {
  try {
    return parseToolArguments(text);
  } catch {
    return { arguments: text };
  }
}
