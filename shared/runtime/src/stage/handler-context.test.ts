import { deltaSchema } from "@nocp/contracts/delta.ts";
import { describe, expect, test } from "vitest";
import { createHandlerContext } from "./handler-context.ts";

describe("a delta", () => {
  const maxSendBytes = 2_000;
  const published: string[] = [];
  const contextOf = () => {
    published.length = 0;
    const sendDelta = (_request: unknown, delta: object) => void published.push(JSON.stringify(delta));
    const transport = { maxSendBytes: () => maxSendBytes, sendDelta };
    const attempt = { number: 1, controller: new AbortController(), traceContext: {}, stage: "llm-router" };
    const decoded = { requestId: "01890a5d-ac96-774b-bcce-b302099a8057", message: { body: {} } };
    return createHandlerContext(
      { ...attempt, traceContext: { getValue: () => undefined } } as never,
      decoded as never,
      { transport, now: Date.now } as never,
      { calls: [] },
    );
  };

  test.each([
    ["of letters", "y".repeat(10_000)],
    ["of control characters", "\u0001".repeat(10_000)],
    ["of pairs", `a${"😀".repeat(3_000)}`],
  ])("%s that the server would not take is published in pieces that it takes", (_which, text) => {
    contextOf().delta(text, true);
    const deltas = published.map((body) => JSON.parse(body));
    expect(Math.max(...published.map((body) => Buffer.byteLength(body)))).toBeLessThanOrEqual(maxSendBytes);
    expect(deltas.map((delta) => delta.text).join("")).toBe(text);
    expect(deltas.every((delta) => delta.text.isWellFormed())).toBe(true);
    expect(deltas.map(({ sequence, done }) => [sequence, done])).toEqual(
      deltas.map((_, index) => [index, index === deltas.length - 1]),
    );
  });

  test("of an answer that begins anew says so, and counts from 0", () => {
    const context = contextOf();
    context.restartAnswer();
    context.delta("Lond");
    context.restartAnswer();
    context.delta("Pa");
    context.delta("ris", true);
    expect(published.map((body) => JSON.parse(body))).toMatchObject([
      { text: "Lond", answer: 1, sequence: 0, restart: false },
      { text: "Pa", answer: 2, sequence: 0, restart: true },
      { text: "ris", answer: 2, sequence: 1, restart: false, done: true },
    ]);
  });

  test("of a call comes in pieces that the server takes, and its last one says that it is", () => {
    const text = JSON.stringify({ text: '"'.repeat(3_000) });
    contextOf().toolCall({ call: 0, id: "c".repeat(400), name: "write", text, done: true });
    expect(Math.max(...published.map((body) => Buffer.byteLength(body)))).toBeLessThanOrEqual(maxSendBytes);
    const calls = published.map((body) => deltaSchema.parse(JSON.parse(body)).toolCall);
    expect(calls.map((piece) => piece?.text).join("")).toBe(text);
    expect(calls.map((piece) => piece?.done ?? false)).toEqual(calls.map((_, at) => at === calls.length - 1));
  });

  test("of reasoning has its place among the others, in pieces that the server takes, and all of an item at its end", () => {
    const context = contextOf();
    const text = "\u0001".repeat(1_000);
    context.reasoning({ vendor: "anthropic", item: 0, text });
    context.reasoning({ vendor: "anthropic", item: 0, text: "", data: { signature: "s" } });
    context.delta("Paris");
    expect(Math.max(...published.map((body) => Buffer.byteLength(body)))).toBeLessThanOrEqual(maxSendBytes);
    const deltas = published.map((body) => deltaSchema.parse(JSON.parse(body)));
    expect(deltas.map(({ sequence }) => sequence)).toEqual(deltas.map((_, at) => at));
    expect(deltas.map(({ reasoning }) => reasoning?.text ?? "").join("")).toBe(text);
    expect(deltas.slice(-2)).toMatchObject([{ text: "", reasoning: { item: 0, data: { signature: "s" } } }, { text: "Paris" }]);
  });

  test.each([0, 1])(
    "of an item that no message holds is missing after %d others, which a reader sees by the numbers",
    (others) => {
      const context = contextOf();
      if (others > 0) context.delta("Paris");
      context.reasoning({ vendor: "anthropic", item: 0, text: "", data: { data: "x".repeat(maxSendBytes) } });
      context.delta(".");
      const deltas = published.map((body) => deltaSchema.parse(JSON.parse(body)));
      expect(deltas.map(({ sequence }) => sequence)).toEqual([0, 2]);
      expect(deltas.some(({ reasoning }) => reasoning?.data)).toBe(false);
    },
  );

  test("of ordinary length is one piece", () => {
    contextOf().delta("Paris");
    expect(published.map((body) => JSON.parse(body).text)).toEqual(["Paris"]);
  });
});
