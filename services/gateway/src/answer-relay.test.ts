import type { Delta } from "@nocp/contracts/delta.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAnswerRelay } from "./answer-relay.ts";

const delta = (attempt: number, sequence: number, text: string): Delta => ({
  requestId: "r",
  attempt,
  sequence,
  text,
  done: false,
});

describe("an answer on its way", () => {
  it("is handed on piece by piece", () => {
    const relay = createAnswerRelay();
    expect([relay.take(delta(1, 0, "a")), relay.take(delta(1, 1, "b"))]).toEqual(["a", "b"]);
    expect(relay.rest("abc")).toBe("c");
  });

  it("goes on where it stopped when another attempt says the same", () => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, "The answer"));
    expect([relay.take(delta(2, 0, "The ")), relay.take(delta(2, 1, "answer is"))]).toEqual(["", " is"]);
    expect(relay.isBroken).toBe(false);
  });

  it("is broken when another attempt says something else", () => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, "The answer"));
    relay.take(delta(2, 0, "No"));
    expect(relay.isBroken).toBe(true);
    expect(relay.rest("No.")).toBeUndefined();
  });

  it("begins again within a delivery when the numbers of pieces do", () => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, "ab"));
    relay.take(delta(1, 1, "c"));
    expect([relay.take(delta(1, 0, "abc")), relay.take(delta(1, 1, "d"))]).toEqual(["", "d"]);
  });

  it("ignores what an attempt says that was given up", () => {
    const relay = createAnswerRelay();
    relay.take(delta(2, 0, "new"));
    expect(relay.take(delta(1, 5, "old"))).toBe("");
    expect(relay.rest("new text")).toBe(" text");
  });

  it("is whole whatever pieces are lost, and however often it is told anew", () => {
    const piece = fc.record({ text: fc.string({ maxLength: 4 }), isLost: fc.boolean() });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat({ max: 12 }), { maxLength: 3 }), (pieces, breaks) => {
        const answer = pieces.map(({ text }) => text).join("");
        const relay = createAnswerRelay();
        let sent = "";
        for (const [index, length] of [...breaks, pieces.length].entries()) {
          for (const [sequence, { text, isLost }] of pieces.slice(0, length).entries())
            if (!isLost) sent += relay.take(delta(index + 1, sequence, text));
        }
        expect(sent + relay.rest(answer)).toBe(answer);
      }),
    );
  });
});
