// Which requests become turns of a session, and what becomes of the answer when one is not kept.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { requestSchema } from "@nocp/contracts/request.ts";
import { resultSchema } from "@nocp/contracts/result.ts";
import { createSchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import type { NewSessionTurn, SessionRef } from "@nocp/contracts/session.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import { expect, test } from "vitest";
import { completionReceived, handlerContext } from "../../../test/fixtures/completion-example.ts";
import { createHandler } from "./handle.ts";
import { createTurnKeeper } from "./keep-turn.ts";
import { answerWorkHere } from "./workers/answer-work.ts";

async function articulate(message: ReturnType<typeof completionReceived>, failure?: Error) {
  const appended: (NewSessionTurn & { readonly ref: SessionRef })[] = [];
  const handle = createHandler({
    work: answerWorkHere({
      formats: await loadFormats(),
      validator: createSchemaValidator({ maxBytes: 100_000, cacheSize: 8, timeoutMs: 30_000 }),
      maxComparedBytes: 100_000,
      counterFor: createTokenCounter,
    }),
    keepTurn: createTurnKeeper({
      append: async (ref, turn) => {
        if (failure) throw failure;
        appended.push({ ref, ...turn });
        return { number: 1, appended: true };
      },
    }),
  });
  const [emission] = await handle({ fact: "completion.received", body: message }, handlerContext());
  return { appended, result: resultSchema.parse(emission?.body) };
}

test("an answered request of a session is kept before its result goes out", async () => {
  const request = requestSchema.parse({
    query: "What?",
    session: { id: "s1" },
    tenant: "acme",
    messages: [
      { role: "system", text: "Be brief." },
      { role: "user", text: "Here is more." },
      { role: "tool", text: "42", name: "calc" },
    ],
  });
  const { appended, result } = await articulate(completionReceived("Paris.", {}, { request }));
  expect(result.status).toBe("succeeded");
  expect(appended).toEqual([
    {
      ref: { tenant: "acme", id: "s1" },
      requestId: "0190a5d2-7c5e-7000-8000-000000000001",
      at: 2000,
      messages: [
        { role: "user", text: "Here is more." },
        { role: "tool", text: "42", name: "calc" },
        { role: "user", text: "What?" },
        { role: "assistant", text: "Paris." },
      ],
      inputTokens: { raw: 1000, optimized: 120 },
    },
  ]);
});

test("a failed request and one of no session are not kept", async () => {
  const failed = await articulate(completionReceived("no json", { schema: { type: "object" } }));
  expect(failed.result.status).toBe("failed");
  expect(failed.appended).toEqual([]);
  expect(
    (await articulate(completionReceived("Paris.", {}, { request: requestSchema.parse({ query: "What?" }) }))).appended,
  ).toEqual([]);
});

test("the answer goes out with a warning when the session was archived meanwhile; any other failure is tried again", async () => {
  const { result } = await articulate(completionReceived("Paris."), new NocpError("SESSION_CLOSED", "session s1 is closed"));
  expect(result).toMatchObject({ status: "degraded", answer: "Paris.", warnings: [{ code: "SESSION_CLOSED" }] });
  await expect(articulate(completionReceived("Paris."), new NocpError("PUBLISH_FAILED", "away"))).rejects.toMatchObject({
    code: "PUBLISH_FAILED",
  });
});
