import { InvalidArgumentError } from "@nats-io/nats-core";
import { describe, expect, test } from "vitest";
import { createHandlerContext } from "../stage/handler-context.ts";
import { withPatience } from "./patience.ts";

describe("patience", () => {
  test("waits an outage out", async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      if (tries < 3) throw new Error("no answer");
      return tries;
    };
    expect(await withPatience("write", work, { patienceMs: 10_000 })).toBe(3);
  });

  test("is not spent on what the client will never send", async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      throw InvalidArgumentError.format("payload", "max_payload size exceeded");
    };
    await expect(withPatience("write", work, { patienceMs: 10_000 })).rejects.toMatchObject({
      code: "PUBLISH_FAILED",
      message: expect.stringContaining("max_payload"),
    });
    expect(tries).toBe(1);
  });
});

describe("a delta", () => {
  const MAX_PAYLOAD = 2_000;
  const published: string[] = [];
  const contextOf = () => {
    published.length = 0;
    const connection = {
      info: { max_payload: MAX_PAYLOAD },
      isClosed: () => false,
      publish: (_subject: string, body: string) => void published.push(body),
    };
    const attempt = { start: { attempt: 1 }, controller: new AbortController(), traceContext: {}, stage: "llm-router" };
    const decoded = { requestId: "01890a5d-ac96-774b-bcce-b302099a8057" };
    return createHandlerContext(
      { ...attempt, traceContext: { getValue: () => undefined } } as never,
      decoded as never,
      { connection, now: Date.now } as never,
      () => undefined,
    );
  };

  test.each([
    ["of letters", "y".repeat(10_000)],
    ["of control characters", "\u0001".repeat(10_000)],
    ["of pairs", `a${"😀".repeat(3_000)}`],
  ])("%s that the server would not take is published in pieces that it takes", (_which, text) => {
    contextOf().delta(text, true);
    const deltas = published.map((body) => JSON.parse(body));
    expect(Math.max(...published.map((body) => Buffer.byteLength(body)))).toBeLessThanOrEqual(MAX_PAYLOAD);
    expect(deltas.map((delta) => delta.text).join("")).toBe(text);
    expect(deltas.every((delta) => delta.text.isWellFormed())).toBe(true);
    expect(deltas.map(({ sequence, done }) => [sequence, done])).toEqual(
      deltas.map((_, index) => [index, index === deltas.length - 1]),
    );
  });

  test("of ordinary length is one piece", () => {
    contextOf().delta("Paris");
    expect(published.map((body) => JSON.parse(body).text)).toEqual(["Paris"]);
  });
});
