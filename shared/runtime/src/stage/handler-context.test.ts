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

  test("of ordinary length is one piece", () => {
    contextOf().delta("Paris");
    expect(published.map((body) => JSON.parse(body).text)).toEqual(["Paris"]);
  });
});
