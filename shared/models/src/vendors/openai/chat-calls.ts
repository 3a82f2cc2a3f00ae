// Calls of tools while a stream of Chat Completions has pieces of them. OpenAI numbers calls, and has id and name in the first
// piece of each. Others leave out numbers or ids, or number every whole call 0 (Ollama before 0.5, Gemini's compatible server).
import type { z } from "zod";
import { argumentsText, type ChatAnswer, filledIn, type toolCallSchema } from "./chat-answer.ts";

export type ToolCallPart = z.infer<typeof toolCallSchema>;

export interface CallAssembly {
  /** @returns the place of its call among those of the answer. */
  add(piece: ToolCallPart): number;
}

export function createCallAssembly(calls: ChatAnswer["toolCalls"]): CallAssembly {
  /** Of the call that a vendor's number means by now. */
  const places = new Map<number, number>();
  const placeOf = (piece: ToolCallPart): number => {
    const { index } = piece;
    const unnumbered = piece.id ? calls.length : Math.max(0, calls.length - 1);
    const place = typeof index === "number" ? (places.get(index) ?? index) : unnumbered;
    const known = calls[place];
    if (known === undefined) return place;
    // The place of this number went to a call that came under another one.
    const isOthers = typeof index === "number" && !places.has(index);
    return isOthers || beginsAnother(piece, known) ? calls.length : place;
  };
  return {
    add(piece) {
      const place = placeOf(piece);
      const number = piece.index ?? place;
      if (typeof piece.index === "number" || !places.has(number)) places.set(number, place);
      const known = calls[place];
      if (known === undefined) {
        calls[place] = filledIn(piece);
        return place;
      }
      known.name ||= piece.function?.name ?? "";
      known.arguments = argumentsText(known.arguments) + argumentsText(piece.function?.arguments);
      return place;
    },
  };
}

/**
 * Whether a piece under the number of a call is the next call. Some servers repeat the name with every piece, and some write
 * another id each time, so neither is enough.
 */
function beginsAnother(piece: ToolCallPart, known: ChatAnswer["toolCalls"][number]): boolean {
  const name = piece.function?.name ?? "";
  const isSameId = (piece.id ?? "") !== "" && piece.id === known.id;
  if (name === "" || known.name === "" || isSameId) return false;
  const written = argumentsText(known.arguments).trim();
  if (written === "") return Boolean(piece.id) && name !== known.name;
  const more = argumentsText(piece.function?.arguments).trim();
  return isObject(written) && (more !== "" || (Boolean(piece.id) && name !== known.name));
}

function isObject(text: string): boolean {
  if (!text.endsWith("}")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
