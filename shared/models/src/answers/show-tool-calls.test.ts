import type { ToolCallPiece } from "@nocp/contracts/delta.ts";
import { describe, expect, it } from "vitest";
import { createToolCallShow } from "./show-tool-calls.ts";

function open() {
  const pieces: ToolCallPiece[] = [];
  return { show: createToolCallShow((piece) => pieces.push(piece)), pieces };
}
const first = { id: "a", name: "weather" };
const second = { id: "b", name: "clock" };

describe("calls of tools on their way", () => {
  it("follow one another, however their vendor mixes them", () => {
    const { show, pieces } = open();
    show.begin(0, first);
    show.begin(1, second);
    show.add(1, '{"zone"');
    show.add(0, '{"city": ');
    show.add(1, ": 1}");
    show.add(0, '"Oslo"}');
    expect(pieces).toEqual([
      { call: 0, ...first, text: "" },
      { call: 0, ...first, text: '{"city":' },
      { call: 0, ...first, text: '"Oslo"}', done: true },
      { call: 1, ...second, text: '{"zone":1}', done: true },
    ]);
  });

  it("wait for their name, and for calls before them that have not begun", () => {
    const { show, pieces } = open();
    show.add(1, "{}");
    show.begin(1, second);
    show.add(0, '{"city":');
    expect(pieces).toEqual([]);
    show.begin(0, first);
    expect(pieces).toEqual([{ call: 0, ...first, text: '{"city":' }]);
    show.add(0, "1}");
    expect(pieces.slice(1).map(({ call, text, done }) => [call, text, done])).toEqual([
      [0, "1}", true],
      [1, "{}", true],
    ]);
  });

  it("have no arguments when nothing came until their end, and are not ended when something came that is no object", () => {
    const { show, pieces } = open();
    show.begin(0, first);
    show.begin(1, second);
    show.add(0, " ");
    show.add(1, "oops");
    show.endAll();
    expect(pieces).toEqual([
      { call: 0, ...first, text: "" },
      { call: 0, ...first, text: "{}", done: true },
      { call: 1, ...second, text: "" },
    ]);
  });
});
