import type { ReasoningPiece } from "@nocp/contracts/delta.ts";
import { expect, test } from "vitest";
import { createToolNames } from "../../prompts/tool-names.ts";
import { readResponsesStream } from "./responses-stream.ts";

type Part = { readonly type: "output_text"; readonly text: string } | { readonly type: "refusal"; readonly refusal: string };

interface Answer {
  readonly parts: readonly Part[];
  /** Reasoning that the server keeps apart. */
  readonly apart?: string;
  readonly status?: "completed" | "incomplete";
}

/** Each part in pieces of five characters, and the whole answer at the end. */
async function* eventsOf({ parts, apart, status = "completed" }: Answer): AsyncGenerator<unknown> {
  for (const delta of apart?.match(/[\s\S]{1,5}/g) ?? []) yield { type: "response.reasoning_text.delta", delta };
  for (const part of parts) {
    const text = part.type === "refusal" ? part.refusal : part.text;
    for (const delta of text.match(/[\s\S]{1,5}/g) ?? []) yield { type: `response.${part.type}.delta`, delta };
  }
  const reasoning = { type: "reasoning", id: "rs_1", content: [{ type: "reasoning_text", text: apart }] };
  const output = [...(apart === undefined ? [] : [reasoning]), { type: "message", content: parts }];
  yield { type: `response.${status}`, response: { status, model: "m-1", output } };
}

/** What a reader is shown, and the result. */
async function read(answer: Answer, opensThinking: boolean) {
  const shown = { text: "", reasoning: "" };
  const reader = {
    model: "m-1",
    isShown: true,
    onDelta: (text: string) => {
      shown.text += text;
    },
    onReasoning: ({ text }: ReasoningPiece) => {
      shown.reasoning += text;
    },
  };
  const { text, reasoning = "" } = await readResponsesStream(eventsOf(answer), createToolNames([]), reader, opensThinking);
  return { shown: { ...shown, reasoning: shown.reasoning.trim() }, result: { text, reasoning } };
}

const said = (text: string): Part[] => [{ type: "output_text", text }];
const refused: Part = { type: "refusal", refusal: "I do not say that." };
const opened = "Lisbon or Porto?\n</think>\n\nPorto.";
const apart = "Lisbon or Porto?";

test.each<[string, Answer, boolean, { text: string; reasoning: string }]>([
  ["an opened answer", { parts: said(opened) }, true, { text: "Porto.", reasoning: apart }],
  ["one of which nobody says that it is opened", { parts: said(opened) }, false, { text: opened, reasoning: "" }],
  ["one that is cut in its reasoning", { parts: said(apart), status: "incomplete" }, true, { text: "", reasoning: apart }],
  ["one without an end of its reasoning", { parts: said("Porto.") }, true, { text: "Porto.", reasoning: "Porto." }],
  ["one of a server that keeps reasoning apart", { parts: said("Porto."), apart }, true, { text: "Porto.", reasoning: apart }],
  ["a refusal", { parts: [refused] }, true, { text: refused.refusal, reasoning: "" }],
  ["a text and a refusal", { parts: [...said("Porto."), refused] }, false, { text: "Porto.", reasoning: "" }],
])("what is shown of %s is its result", async (_what, answer, opensThinking, expected) => {
  const { shown, result } = await read(answer, opensThinking);
  expect(result).toEqual(expected);
  expect(shown).toEqual(expected);
});
