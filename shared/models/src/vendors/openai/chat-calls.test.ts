// Pieces of calls, as servers number them or do not.
import { describe, expect, it } from "vitest";
import type { ChatAnswer } from "./chat-answer.ts";
import { createCallAssembly, type ToolCallPart } from "./chat-calls.ts";

function assembled(pieces: readonly ToolCallPart[]) {
  const calls: ChatAnswer["toolCalls"] = [];
  const assembly = createCallAssembly(calls);
  const places = pieces.map((piece) => assembly.add(piece));
  return { places, calls: calls.map(({ id, name, arguments: text }) => [id, name, text]) };
}
const part = (index: number | undefined, id: string | undefined, name: string | undefined, text: unknown): ToolCallPart => ({
  ...{ index, id },
  function: { name, arguments: text },
});
const none = undefined;
const oslo = '{"city":"Oslo"}';
const rome = '{"city":"Rome"}';

describe("pieces of calls", () => {
  it.each([
    [
      "numbered, and mixed",
      [part(0, "a", "f", ""), part(1, "b", "f", ""), part(0, none, none, oslo), part(1, none, none, rome)],
      [0, 1, 0, 1],
    ],
    ["all with the number 0", [part(0, "a", "f", oslo), part(0, "b", "f", rome)], [0, 1]],
    [
      "a number after those that were 0 twice",
      [part(0, "a", "f", oslo), part(0, "b", "f", rome), part(1, "c", "g", "{}")],
      [0, 1, 2],
    ],
    ["without numbers and ids", [part(none, none, "f", oslo), part(none, none, "f", rome)], [0, 1]],
    ["without numbers, as objects", [part(none, none, "f", { city: "Oslo" }), part(none, none, "g", { city: "Rome" })], [0, 1]],
    ["without arguments, of two tools", [part(0, "a", "f", ""), part(0, "b", "g", "")], [0, 1]],
  ] as [string, ToolCallPart[], number[]][])("are calls of their own: %s", (_, pieces, places) => {
    expect(assembled(pieces).places).toEqual(places);
  });

  it.each([
    ["the name comes with every piece", [part(0, "a", "f", '{"city":'), part(0, "a", "f", '"Oslo"}'), part(0, "a", "f", "")]],
    ["the id changes with every piece", [part(0, "a", "f", '{"city":'), part(0, "b", none, '"Oslo"}'), part(0, "c", none, "")]],
    ["only the first piece has no number", [part(none, "a", "f", '{"city":'), part(0, none, none, '"Oslo"}')]],
    ["an end without arguments repeats the name", [part(0, none, "f", oslo), part(0, none, "f", "")]],
  ] as [string, ToolCallPart[]][])("are one call: %s", (_, pieces) => {
    expect(assembled(pieces).calls).toEqual([[pieces[0]?.id ?? "", "f", oslo]]);
  });
});
