// Blocks of thinking of the Messages API as pieces of reasoning.
import type { ReasoningPiece } from "@nocp/contracts/delta.ts";

export const messagesVendor = "anthropic";

/** What the vendor wants back word for word. */
export const isReasoningBlock = (type: string): boolean => type === "thinking" || type === "redacted_thinking";

export function messagesReasoning(data: Readonly<Record<string, unknown>>, item: number): ReasoningPiece[] {
  const place = { vendor: messagesVendor, item };
  const { thinking } = data;
  const said = typeof thinking === "string" && thinking !== "" ? [{ ...place, text: thinking }] : [];
  return [...said, { ...place, text: "", data }];
}
