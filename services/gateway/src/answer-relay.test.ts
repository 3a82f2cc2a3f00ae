import type { AnswerPiece, Delta, ReasoningPiece, ToolCallPiece } from "@nocp/contracts/delta.ts";
import { answerPieces, type WholeAnswer } from "@nocp/models/answers/answer-pieces.ts";
import { joinReasoning } from "@nocp/models/answers/reasoning-text.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectLinearWork } from "../../../test/linear-work.ts";
import { createAnswerRelay } from "./answer-relay.ts";

type Said = string | ReasoningPiece | ToolCallPiece;
const pieceOf = (said: Said): AnswerPiece => {
  if (typeof said === "string") return { text: said };
  return "call" in said ? { text: "", toolCall: said } : { text: "", reasoning: said };
};
const delta = (attempt: number, sequence: number, said: Said): Delta => ({
  requestId: "r",
  attempt,
  sequence,
  ...pieceOf(said),
  done: false,
});

const thought = (text: string, item = 0): ReasoningPiece => ({ vendor: "anthropic", item, text });
const blockOf = (thinking: string) => ({ type: "thinking", thinking, signature: `signed ${thinking}` });
const signed = (thinking: string, item = 0): ReasoningPiece => ({ ...thought("", item), data: blockOf(thinking) });
const itemOf = (thinking: string) => ({ vendor: "anthropic", data: blockOf(thinking) });
const said = (pieces: readonly (AnswerPiece | undefined)[] | undefined) =>
  pieces?.map((piece) => (piece?.reasoning ? (piece.reasoning.data ?? piece.reasoning.text) : (piece?.text ?? "")));

describe("an answer on its way", () => {
  it("is handed on piece by piece", () => {
    const relay = createAnswerRelay();
    expect(said([relay.take(delta(1, 0, "a")), relay.take(delta(1, 1, "b"))])).toEqual(["a", "b"]);
    expect(said(relay.rest({ answer: "abc" }))).toEqual(["c"]);
  });

  it("goes on where it stopped when another attempt says the same", () => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, "The answer"));
    expect(said([relay.take(delta(2, 0, "The ")), relay.take(delta(2, 1, "answer is"))])).toEqual(["", " is"]);
    expect(relay.isBroken).toBe(false);
  });

  it("catches up with a long answer in small pieces in linear work", async () => {
    await expectLinearWork((length) => {
      const relay = createAnswerRelay();
      relay.take(delta(1, 0, "abcd".repeat(length)));
      for (let at = 0; at < length; at++) expect(relay.take(delta(2, at, "abcd"))).toBeUndefined();
      expect(said([relay.take(delta(2, length, "e"))])).toEqual(["e"]);
    }, 10_000);
  });

  it("stays broken when an attempt that said something else comes back to what was sent", () => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, "The answer"));
    relay.take(delta(2, 0, "An answer"));
    relay.take(delta(2, 1, " is long"));
    expect(relay.isBroken).toBe(true);
  });

  it("is broken when another attempt says something else", () => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, "The answer"));
    relay.take(delta(2, 0, "No"));
    expect(relay.isBroken).toBe(true);
    expect(relay.rest({ answer: "No." })).toBeUndefined();
  });

  it("begins again within a delivery when the numbers of pieces do", () => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, "ab"));
    relay.take(delta(1, 1, "c"));
    expect(said([relay.take(delta(1, 0, "abc")), relay.take(delta(1, 1, "d"))])).toEqual(["", "d"]);
  });

  it("ignores what an attempt says that was given up", () => {
    const relay = createAnswerRelay();
    relay.take(delta(2, 0, "new"));
    expect(relay.take(delta(1, 5, "old"))).toBeUndefined();
    expect(said(relay.rest({ answer: "new text" }))).toEqual([" text"]);
  });
});

describe("calls of tools on their way", () => {
  const calling = (text: string, { call = 0, id = "a", name = "weather" } = {}): ToolCallPiece => ({ call, id, name, text });
  const request = (input: object, id = "a", name = "weather") => ({ id, name, arguments: { ...input } });
  const callsIn = (pieces: readonly (AnswerPiece | undefined)[] | undefined) =>
    pieces?.map((piece) => piece?.toolCall && [piece.toolCall.call, piece.toolCall.id, piece.toolCall.text]);

  it("keep the id that was sent when another attempt calls the same", () => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, calling("")));
    relay.take(delta(1, 1, calling('{"city":"O')));
    const again = ['{"ci', 'ty":"Os', 'lo"}'].map((text, at) => relay.take(delta(2, at, calling(text, { id: "b" }))));
    expect(callsIn(again)).toEqual([undefined, [0, "a", "s"], [0, "a", 'lo"}']]);
    expect(relay.callIds).toEqual(["a"]);
    expect(relay.rest({ toolRequests: [request({ city: "Oslo" })] })).toEqual([]);
  });

  it.each([
    ["calls with something else", calling('{"city":"R')],
    ["calls another tool", calling('{"city":"O', { name: "clock" })],
    ["says something instead", "Oslo"],
  ])("are broken when another attempt %s", (_what, other) => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, calling('{"city":"O')));
    relay.take(delta(2, 0, other));
    expect(relay.isBroken).toBe(true);
    expect(relay.rest({ answer: "Oslo", toolRequests: [] })).toBeUndefined();
    expect(relay.rest({ toolRequests: [request({ city: "Rome" })] })).toBeUndefined();
    expect(relay.rest({ toolRequests: [request({ city: "Oslo" }, "a", "clock")] })).toBeUndefined();
  });

  it("are ended by the result, the call that has begun before the text that follows it", () => {
    const relay = createAnswerRelay({ callIdOf: (call) => `own_${call}` });
    relay.take(delta(1, 0, "Let"));
    relay.take(delta(1, 1, calling('{"city":')));
    const rest = relay.rest({ answer: "Let us.", toolRequests: [request({ city: 1 }), request({ city: 2 }, "b")] });
    expect(rest?.map(({ text, toolCall }) => toolCall?.text ?? text)).toEqual(["1}", " us.", '{"city":2}']);
    expect(relay.callIds).toEqual(["own_0"]);
  });

  it("are the result's when it sorts their fields, as objects do", () => {
    const relay = createAnswerRelay();
    relay.take(delta(1, 0, calling('{"b":1,"1":2}')));
    expect(relay.rest({ toolRequests: [request({ 1: 2, b: 1 })] })).toEqual([]);
    expect(relay.rest({ toolRequests: [request({ 1: 3, b: 1 })] })).toBeUndefined();
  });
});

describe("reasoning on its way", () => {
  it.each([undefined, "anthropic"])("goes on where it stopped when another attempt thinks and says the same (%s)", (itemsOf) => {
    const relay = createAnswerRelay({ itemsOf });
    relay.take(delta(1, 0, thought("Which ")));
    const again = [thought("Which"), thought(" city"), thought("?"), "Paris"].map((piece, at) => relay.take(delta(2, at, piece)));
    expect(said(again)?.join("")).toBe(itemsOf === undefined ? " city?Paris" : "city?Paris");
    expect(relay.isBroken).toBe(false);
  });

  it.each([
    ["thinks something else", [thought("No")]],
    ["says something before it thinks", ["Paris"]],
    [
      "signs its thoughts in another way",
      [thought("Which city?"), { ...signed("x"), data: { type: "thinking", thinking: "Which city?" } }],
    ],
  ])("is broken when another attempt %s", (_what, pieces) => {
    const relay = createAnswerRelay({ itemsOf: "anthropic" });
    relay.take(delta(1, 0, thought("Which city?")));
    relay.take(delta(1, 1, signed("Which city?")));
    for (const [at, piece] of pieces.entries()) relay.take(delta(2, at, piece));
    expect(relay.isBroken).toBe(true);
  });

  it("is broken when the result has other thoughts than were sent", () => {
    for (const itemsOf of [undefined, "anthropic"]) {
      const relay = createAnswerRelay({ itemsOf });
      relay.take(delta(1, 0, thought("Which city?")));
      const other = { answer: "Paris", reasoning: "Hm.", reasoningItems: [itemOf("Hm.")] };
      expect(relay.rest(other)).toBeUndefined();
      expect(relay.rest({ answer: "Paris" })).toBeUndefined();
    }
  });

  it("is not sent to whom it says nothing: the thoughts of another vendor", () => {
    const relay = createAnswerRelay({ itemsOf: "openai" });
    expect(relay.take(delta(1, 0, thought("Hm.")))).toBeUndefined();
    expect(relay.take(delta(1, 1, { item: 0, text: "Hm." }))).toBeUndefined();
    expect(said([relay.take(delta(1, 2, "Paris"))])).toEqual(["Paris"]);
    expect(relay.rest({ answer: "Paris", reasoning: "Hm.", reasoningItems: [itemOf("Hm.")] })).toEqual([]);
  });

  it("is sent as text without the blanks around it", () => {
    const relay = createAnswerRelay();
    const pieces = [thought("\nOne. "), thought(" "), thought(" Two.", 1), "Paris"];
    expect(said(pieces.map((piece, at) => relay.take(delta(1, at, piece))))).toEqual(["One.", "", "\n\nTwo.", "Paris"]);
    expect(relay.rest({ answer: "Paris", reasoning: "One.\n\nTwo." })).toEqual([]);
  });

  it("that is told after the text it led to stays out of the stream", () => {
    const relay = createAnswerRelay({ itemsOf: "anthropic" });
    relay.take(delta(1, 0, "Paris"));
    expect(said(relay.rest({ answer: "Paris.", reasoningItems: [itemOf("Hm.")] }))).toEqual(["."]);
  });

  it("ends an item that was begun", () => {
    const relay = createAnswerRelay({ itemsOf: "anthropic" });
    relay.take(delta(1, 0, thought("Which")));
    const rest = relay.rest({ answer: "Paris", reasoningItems: [itemOf("Which city?")] });
    expect(said(rest)).toEqual([" city?", blockOf("Which city?"), "Paris"]);
  });
});

interface Telling {
  readonly whole: WholeAnswer;
  readonly pieces: readonly Said[];
}

/** An answer in which thoughts and texts alternate, and calls follow, cut into pieces. */
const calls = fc
  .array(fc.tuple(fc.constantFrom("weather", "clock"), fc.integer({ max: 200, min: 0 }), fc.integer({ min: 1, max: 12 })), {
    maxLength: 2,
  })
  .map((list) =>
    list.map(([name, city, length], call) => {
      const request = { id: `call_${call}`, name, arguments: { city } };
      const json = JSON.stringify(request.arguments);
      const pieces = [json.slice(0, length), json.slice(length)].map(
        (text): ToolCallPiece => ({ call, id: request.id, name, text }),
      );
      return { request, pieces };
    }),
  );
const spoken = fc
  .array(
    fc.record({ thinking: fc.array(fc.stringMatching(/^[ab ]{0,3}$/)), texts: fc.array(fc.stringMatching(/^[xy]{0,3}$/)) }),
    {
      maxLength: 3,
    },
  )
  .map((turns): Telling => {
    let answer = "";
    const items: NonNullable<WholeAnswer["reasoningItems"]>[number][] = [];
    const pieces = turns.flatMap(({ thinking, texts }, item) => {
      const whole = thinking.join("");
      items.push({ ...itemOf(whole), ...(answer === "" ? {} : { textBefore: answer.length }) });
      answer += texts.join("");
      return [...thinking.map((text) => thought(text, item)), signed(whole, item), ...texts];
    });
    const reasoning = joinReasoning(items.map(({ data }) => String(data.thinking)));
    return { whole: { answer, reasoning, reasoningItems: items }, pieces };
  });
const telling = fc.tuple(spoken, calls).map(
  ([{ whole, pieces }, called]): Telling => ({
    whole: { ...whole, toolRequests: called.map(({ request }) => request) },
    pieces: [...pieces, ...called.flatMap((one) => one.pieces)],
  }),
);

/** Texts and thoughts one after another, whatever pieces they came in. */
const joined = (pieces: readonly AnswerPiece[]): string =>
  pieces
    .filter(({ toolCall }) => !toolCall)
    .map(({ text, reasoning }) => (reasoning ? `<${reasoning.text}${JSON.stringify(reasoning.data) ?? ""}>` : text))
    .join("");
const calledIn = (pieces: readonly AnswerPiece[]): string[] => {
  const called: string[] = [];
  for (const { toolCall } of pieces)
    if (toolCall) called[toolCall.call] = (called[toolCall.call] ?? toolCall.name) + toolCall.text;
  return called;
};
const withoutSeams = (text: string): string => text.replaceAll("><", "");

describe.each([undefined, "anthropic"])("what is sent (%s)", (itemsOf) => {
  it("is the whole answer whatever pieces are lost, and however often it is told anew", () => {
    const lost = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(telling, fc.array(fc.nat({ max: 12 }), { maxLength: 3 }), lost, ({ whole, pieces }, breaks, isLost) => {
        const relay = createAnswerRelay({ itemsOf });
        const sent: AnswerPiece[] = [];
        for (const [index, length] of [...breaks, pieces.length].entries()) {
          for (const [sequence, piece] of pieces.slice(0, length).entries()) {
            const sendable = isLost.next().value ? undefined : relay.take(delta(index + 1, sequence, piece));
            if (sendable) sent.push(sendable);
          }
        }
        const all = [...sent, ...(relay.rest(whole) ?? [{ text: "broken" }])];
        if (itemsOf !== undefined) expect(withoutSeams(joined(all))).toBe(withoutSeams(joined(answerPieces(whole))));
        expect(all.map(({ text }) => text).join("")).toBe(whole.answer);
        expect(calledIn(all)).toEqual(calledIn(answerPieces(whole)));
        if (itemsOf === undefined) expect(all.map(({ reasoning }) => reasoning?.text ?? "").join("")).toBe(whole.reasoning);
      }),
    );
  });
});
