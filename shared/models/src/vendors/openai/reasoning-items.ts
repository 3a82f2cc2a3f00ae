// Items of reasoning of the Responses API as pieces: its beginning, its texts, and the whole of it. Searches are items that say
// nothing.
import type { ReasoningPiece } from "@nocp/contracts/delta.ts";

export const responsesVendor = "openai";

/** Texts of an item of reasoning: what OpenAI shows in place of it, and what open models show. */
export type ReasoningKind = "summary" | "content";

export function responsesReasoning(data: Readonly<Record<string, unknown>>, item: number): ReasoningPiece[] {
  const place = { vendor: responsesVendor, item, ...(typeof data.id === "string" ? { id: data.id } : {}) };
  const whole = { ...place, text: "", data };
  if (data.type !== "reasoning") return [whole];
  const textsOf = (kind: ReasoningKind): ReasoningPiece[] => {
    const parts = data[kind];
    if (!Array.isArray(parts)) return [];
    return parts.flatMap(({ text }: { readonly text?: unknown }, index) =>
      typeof text === "string" && text !== "" ? [{ ...place, part: { kind, index }, text }] : [],
    );
  };
  return [{ ...place, text: "" }, ...textsOf("summary"), ...textsOf("content"), whole];
}
