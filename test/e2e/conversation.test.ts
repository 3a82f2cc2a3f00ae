// A conversation through all services: what the first turn says, the second one knows.
import { createClient } from "@nocp/client/create-client.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

let deployment: TestDeployment;
beforeAll(async () => {
  // A message that a killed process was handed comes again after this time.
  deployment = await startTestDeployment({ NOCP_LOG_LEVEL: "error", NOCP_MESSAGING_ACK_WAIT_MS: "3000" });
});
afterAll(() => deployment?.end());

test("the second turn knows the first, another session does not, and an archived one takes no more", async () => {
  const client = await createClient({ natsUrl: deployment.natsUrl });
  const ask = (query: string, id: string, tenant = "default") =>
    client.ask({ query, session: { id }, tenant, routing: { provider: "extractive" } }, { timeoutMs: 240_000 });

  const first = await ask("Please note: the booking code of my trip is QX-7731.", "trip");
  expect(first).toMatchObject({ status: "succeeded", sessionId: "trip" });
  const second = await ask("What is the booking code of my trip?", "trip");
  expect(second.answer).toContain("QX-7731");
  expect(second.tokens.input.raw).toBeGreaterThan(first.tokens.input.raw + 10);
  for (const stranger of [
    await ask("What is the booking code of my trip?", "other"),
    await ask("What is the booking code of my trip?", "trip", "acme"),
  ]) {
    expect(stranger.answer).not.toContain("QX-7731");
  }

  const ref = { tenant: "default", id: "trip" };
  const head = await client.sessions.show(ref);
  expect(head).toMatchObject({ turns: 2, totals: { rawTokens: first.tokens.input.raw + second.tokens.input.raw } });
  expect((await client.sessions.turns(head)).map(({ requestId }) => requestId)).toEqual([first.requestId, second.requestId]);

  // Every replica, and every stage process, starts over: what was said is in the queue.
  for (const process of deployment.processes) process.kill("SIGKILL");
  expect((await ask("And what was the booking code of my trip?", "trip")).answer).toContain("QX-7731");

  const many = await Promise.all(
    Array.from({ length: 12 }, (_, at) => ask(`The locker number ${at} holds the key K-${at}00.`, "trip")),
  );
  expect(many.every(({ status }) => status !== "failed")).toBe(true);
  const kept = await client.sessions.turns(await client.sessions.show(ref));
  expect(kept.map(({ number }) => number)).toEqual(Array.from({ length: 15 }, (_, at) => at + 1));
  expect(new Set(kept.slice(3).map(({ requestId }) => requestId))).toEqual(new Set(many.map(({ requestId }) => requestId)));

  await client.sessions.setStatus(ref, "closed");
  expect((await ask("One more?", "trip")).error).toMatchObject({ code: "SESSION_CLOSED", stage: "assess" });
  expect(await client.deadLetters.list(10)).toEqual([]);
  await client.close();
});
