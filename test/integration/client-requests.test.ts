import { randomUUID } from "node:crypto";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { deadSubject } from "@nocp/contracts/topology.ts";
import { startTestStage } from "@nocp/runtime/testing/stage-harness.ts";
import { claimDigestHeader, claimHeader, claimSizeHeader } from "@nocp/runtime/transport/message-headers.ts";
import { describe, expect, test } from "vitest";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue();

describe("an id that is no request's", () => {
  test.each(["*", ">", "a.b", "", "../x", "0190c3f2-7e1a-7bbb-8b1e-2f6d1c0a9e1*"])("%j is refused", async (id) => {
    for (let index = 0; index < 3; index++) await queue.client.submit({ query: "waits" });
    const refused = { code: "INVALID_REQUEST", message: expect.stringContaining("is not a request id") };
    await expect(queue.client.cancel(id)).rejects.toMatchObject(refused);
    await expect(queue.client.result(id, { timeoutMs: 500 })).rejects.toMatchObject(refused);
    await expect(queue.client.result(id, { timeoutMs: 0 })).rejects.toMatchObject(refused);
    await expect(queue.client.ask({ requestId: id, query: "q" }, { timeoutMs: 500 })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
    expect(() => queue.client.watch(id, { onDelta: () => undefined })).toThrow("is not a request id");
    expect([await queue.messagesIn("NOCP_ACT"), await queue.messagesIn("NOCP_RESULTS")]).toEqual([3, 0]);
  });

  test.each([
    [{ tenant: "*", id: "s" }, "tenant"],
    [{ tenant: "default", id: ">" }, "session id"],
    [{ tenant: "default", id: "a.b" }, "session id"],
  ])("nor is a wildcard a session's: %j", async (ref, what) => {
    const refused = { code: "INVALID_SESSION", message: expect.stringContaining(what) };
    await expect(queue.client.sessions.show(ref)).rejects.toMatchObject(refused);
    await expect(queue.client.sessions.delete(ref)).rejects.toMatchObject(refused);
    await expect(queue.client.sessions.setStatus(ref, "closed")).rejects.toMatchObject(refused);
    await expect(queue.client.sessions.snapshot(ref)).rejects.toMatchObject(refused);
  });

  test("nor is a wildcard a tenant to list", async () => {
    await expect(queue.client.sessions.list({ tenant: "*" }, 10)).rejects.toMatchObject({ code: "INVALID_SESSION" });
    expect(await queue.client.sessions.list({}, 10)).toEqual([]);
  });
});

test("a request that is nested too deep is refused before it is sent", async () => {
  let nested: unknown = 1;
  for (let level = 0; level < 10_000; level++) nested = [nested];
  await expect(queue.client.submit({ query: "q", tools: [{ name: "x", arguments: { nested } }] })).rejects.toMatchObject({
    code: "INVALID_REQUEST",
    message: expect.stringContaining("levels"),
  });
});

test("cancelling a request that nobody knows says so, and makes no result", async () => {
  await expect(queue.client.cancel(randomUUID())).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
  expect([await queue.messagesIn("NOCP_RESULTS"), await queue.messagesIn("NOCP_EVENTS")]).toEqual([0, 0]);
});

test("cancelling a request twice returns the one result", async () => {
  const { requestId } = await queue.client.submit({ query: "waits" });
  const results = await Promise.all([queue.client.cancel(requestId), queue.client.cancel(requestId)]);
  results.push(await queue.client.cancel(requestId));
  expect(results.map(({ error }) => error?.code)).toEqual(["CANCELLED", "CANCELLED", "CANCELLED"]);
  expect(await queue.messagesIn("NOCP_RESULTS")).toBe(1);
});

test("a result that is there is found by one look", async () => {
  const stage = await startTestStage(queue.broker, "act", async () => {
    throw new NocpError("CANCELLED", "done");
  });
  const { requestId } = await queue.client.ask({ query: "q" });
  for (let look = 0; look < 30; look++)
    expect((await queue.client.result(requestId, { timeoutMs: 0 })).requestId).toBe(requestId);
  await expect(queue.client.result(randomUUID(), { timeoutMs: 0 })).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
  await stage.stop();
});

describe("a dead letter that cannot be read", () => {
  const publishLetter = (body: string, headers: Readonly<Record<string, string>> = {}) =>
    queue.broker.publisher.publish(
      {
        subject: deadSubject("assess"),
        tenant: "default",
        body: new TextEncoder().encode(body),
        messageId: randomUUID(),
        headers,
      },
      { aborted: false },
    );

  test("is listed as such beside the others, shown by its number, and not sent again", async () => {
    const stage = await startTestStage(queue.broker, "act", async () => {
      throw new NocpError("UNKNOWN_TOOL", "no such tool");
    });
    const { requestId } = await queue.client.ask({ query: "q" });
    await stage.stop();
    await publishLetter("garbage");
    await publishLetter('{"v":1}');
    await publishLetter("", {
      [claimHeader]: "nocp_dead_claims/gone",
      [claimDigestHeader]: "x",
      [claimSizeHeader]: "9",
    });

    const letters = await queue.client.deadLetters.list(10);
    expect(letters.map(({ letter }) => [letter.stage, letter.error.code])).toEqual([
      ["assess", "CLAIM_MISSING"],
      ["assess", "INVALID_MESSAGE"],
      ["assess", "INVALID_MESSAGE"],
      ["act", "UNKNOWN_TOOL"],
    ]);
    expect(letters.map(({ readable }) => readable)).toEqual([false, false, false, true]);
    expect((await queue.client.deadLetters.show(requestId)).letter.error.code).toBe("UNKNOWN_TOOL");
    const garbage = letters[2]?.sequence;
    expect((await queue.client.deadLetters.show(String(garbage))).letter.error.message).toContain("cannot be read");
    await expect(queue.client.deadLetters.redrive(String(garbage), 1_000)).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
    expect(await queue.messagesIn("NOCP_DLQ")).toBe(4);
    await queue.client.deadLetters.redrive(requestId, 60_000);
    expect([await queue.messagesIn("NOCP_DLQ"), await queue.messagesIn("NOCP_ACT")]).toEqual([3, 1]);
  });
});
