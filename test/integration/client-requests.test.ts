import { randomUUID } from "node:crypto";
import { type Client, createClient } from "@nocp/shared/client/create-client.ts";
import { deadSubject } from "@nocp/shared/contracts/topology.ts";
import { NocpError } from "@nocp/shared/errors/nocp-error.ts";
import type { Broker } from "@nocp/shared/messaging/broker.ts";
import { claimDigestHeader, claimHeader, claimSizeHeader, newHeaders } from "@nocp/shared/messaging/message-headers.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/shared/testing/nats-test-server.ts";
import { openTestBroker, startTestStage, testSettings } from "@nocp/shared/testing/stage-harness.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let server: NatsTestServer;
let broker: Broker;
let client: Client;

beforeEach(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  await broker.provision();
  client = await createClient({ natsUrl: server.url, messaging: testSettings() });
});

afterEach(async () => {
  await client.close();
  await broker.close();
  await server.stop();
});

const messagesIn = async (stream: string) => (await broker.manager.streams.info(stream)).state.messages;

describe("an id that is no request's", () => {
  test.each(["*", ">", "a.b", "", "../x", "0190c3f2-7e1a-7bbb-8b1e-2f6d1c0a9e1*"])("%j is refused", async (id) => {
    for (let index = 0; index < 3; index++) await client.submit({ query: "waits" });
    const refused = { code: "INVALID_REQUEST", message: expect.stringContaining("no request id") };
    await expect(client.cancel(id)).rejects.toMatchObject(refused);
    await expect(client.result(id, { timeoutMs: 500 })).rejects.toMatchObject(refused);
    await expect(client.result(id, { timeoutMs: 0 })).rejects.toMatchObject(refused);
    await expect(client.ask({ requestId: id, query: "q" }, { timeoutMs: 500 })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
    expect(() => client.watch(id, { onDelta: () => undefined })).toThrow("no request id");
    expect([await messagesIn("NOCP_ACT"), await messagesIn("NOCP_RESULTS")]).toEqual([3, 0]);
  });

  test.each([
    [{ tenant: "*", id: "s" }, "tenant"],
    [{ tenant: "default", id: ">" }, "session id"],
    [{ tenant: "default", id: "a.b" }, "session id"],
  ])("nor is a wildcard a session's: %j", async (ref, what) => {
    const refused = { code: "INVALID_SESSION", message: expect.stringContaining(what) };
    await expect(client.sessions.show(ref)).rejects.toMatchObject(refused);
    await expect(client.sessions.delete(ref)).rejects.toMatchObject(refused);
    await expect(client.sessions.setStatus(ref, "archived")).rejects.toMatchObject(refused);
    await expect(client.sessions.snapshot(ref)).rejects.toMatchObject(refused);
  });

  test("nor is a wildcard a tenant to list", async () => {
    await expect(client.sessions.list({ tenant: "*" }, 10)).rejects.toMatchObject({ code: "INVALID_SESSION" });
    expect(await client.sessions.list({}, 10)).toEqual([]);
  });
});

test("a request that is nested too deep is refused before it is sent", async () => {
  let nested: unknown = 1;
  for (let level = 0; level < 10_000; level++) nested = [nested];
  await expect(client.submit({ query: "q", tools: [{ name: "x", arguments: { nested } }] })).rejects.toMatchObject({
    code: "INVALID_REQUEST",
    message: expect.stringContaining("levels"),
  });
});

test("cancelling a request that nobody knows says so, and makes no result", async () => {
  await expect(client.cancel(randomUUID())).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
  expect([await messagesIn("NOCP_RESULTS"), await messagesIn("NOCP_EVENTS")]).toEqual([0, 0]);
});

test("cancelling a request twice returns the one result", async () => {
  const { requestId } = await client.submit({ query: "waits" });
  const results = await Promise.all([client.cancel(requestId), client.cancel(requestId)]);
  results.push(await client.cancel(requestId));
  expect(results.map(({ error }) => error?.code)).toEqual(["CANCELLED", "CANCELLED", "CANCELLED"]);
  expect(await messagesIn("NOCP_RESULTS")).toBe(1);
});

test("a result that is there is found by one look", async () => {
  const stage = await startTestStage(broker, "act", async () => {
    throw new NocpError("CANCELLED", "done");
  });
  const { requestId } = await client.ask({ query: "q" });
  for (let look = 0; look < 30; look++) expect((await client.result(requestId, { timeoutMs: 0 })).requestId).toBe(requestId);
  await expect(client.result(randomUUID(), { timeoutMs: 0 })).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
  await stage.stop();
});

describe("a dead letter that cannot be read", () => {
  const publishLetter = (body: string, headers = newHeaders()) =>
    broker.publisher.publish(
      { subject: deadSubject("assess"), body: new TextEncoder().encode(body), messageId: randomUUID(), headers },
      { aborted: false },
    );

  test("is listed as such beside the others, shown by its number, and not sent again", async () => {
    const stage = await startTestStage(broker, "act", async () => {
      throw new NocpError("UNKNOWN_TOOL", "no such tool");
    });
    const { requestId } = await client.ask({ query: "q" });
    await stage.stop();
    await publishLetter("garbage");
    await publishLetter('{"v":1}');
    const headers = newHeaders();
    headers.set(claimHeader, "nocp_dead_claims/gone");
    headers.set(claimDigestHeader, "x");
    headers.set(claimSizeHeader, "9");
    await publishLetter("", headers);

    const letters = await client.deadLetters.list(10);
    expect(letters.map(({ letter }) => [letter.stage, letter.error.code])).toEqual([
      ["assess", "CLAIM_MISSING"],
      ["assess", "INVALID_MESSAGE"],
      ["assess", "INVALID_MESSAGE"],
      ["act", "UNKNOWN_TOOL"],
    ]);
    expect(letters.map(({ readable }) => readable)).toEqual([false, false, false, true]);
    expect((await client.deadLetters.show(requestId)).letter.error.code).toBe("UNKNOWN_TOOL");
    const garbage = letters[2]?.sequence;
    expect((await client.deadLetters.show(String(garbage))).letter.error.message).toContain("cannot be read");
    await expect(client.deadLetters.redrive(String(garbage), 1_000)).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
    expect(await messagesIn("NOCP_DLQ")).toBe(4);
    await client.deadLetters.redrive(requestId, 60_000);
    expect([await messagesIn("NOCP_DLQ"), await messagesIn("NOCP_ACT")]).toEqual([3, 1]);
  });
});
