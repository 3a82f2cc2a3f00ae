// A data folder of the release before tenants: nothing in it is lost, and nothing is done twice, wherever its take-over ends.
import { createHash, randomUUID } from "node:crypto";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { parseFactSubject } from "@nocp/contracts/topology.ts";
import { messageIdHeader } from "@nocp/runtime/stage/message-headers.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { emptyToolsCompleted, waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker, startTestStage } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { newHeaders } from "@nocp/runtime/transport/message-headers.ts";
import { definitionsOf } from "@nocp/runtime/transport/stream-definitions.ts";
import { takeOver } from "@nocp/runtime/transport/take-over/take-over.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let server: NatsTestServer;
let broker: Broker;
let client: Client;
beforeEach(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  client = await createClient({ natsUrl: server.url });
  await makeOldStreams();
});
afterEach(async () => {
  await client.close();
  await broker.close();
  await server.stop();
});

/** The streams and consumers as the release before tenants made them. */
async function makeOldStreams(): Promise<void> {
  const { streams, consumers } = definitionsOf(broker.settings, 1);
  const old = (subject: string) =>
    subject.replace("nocp.v2", "nocp.v1").replace(/\.\*(\.(?:interactive|batch)\.\*)$|(ready\.\*)\.\*$/, "$1$2");
  for (const stream of streams) await broker.manager.streams.add({ ...stream, subjects: [...new Set(stream.subjects.map(old))] });
  for (const { stream, config } of consumers) {
    const { filter_subject } = config;
    await broker.manager.consumers.add(stream, filter_subject ? { ...config, filter_subject: old(filter_subject) } : config);
  }
}

async function publishOld(subject: string, body: Uint8Array | string, id: string, more: Record<string, string> = {}) {
  const headers = newHeaders();
  headers.set(messageIdHeader, id);
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return broker.jetstream.publish(subject, body, { headers });
}

/** What the object store did with a body. @returns the headers that name it. */
async function depositOld(bucket: string, name: string, body: Uint8Array): Promise<Record<string, string>> {
  const chunkSubject = `$O.${bucket}.C.chunks-of-${name}`;
  if (!(await broker.manager.streams.names(`$O.${bucket}.M.>`).next()).length)
    await broker.manager.streams.add({
      name: `OBJ_${bucket}`,
      subjects: [`$O.${bucket}.C.>`, `$O.${bucket}.M.>`],
      allow_rollup_hdrs: true,
    });
  const half = Math.floor(body.byteLength / 2);
  for (const chunk of [body.subarray(0, half), body.subarray(half)]) await broker.jetstream.publish(chunkSubject, chunk);
  const encoded = Buffer.from(name).toString("base64url");
  const meta = { name, bucket, nuid: `chunks-of-${name}`, size: body.byteLength, chunks: 2 };
  const padded = encoded.padEnd(Math.ceil(encoded.length / 4) * 4, "=");
  await broker.jetstream.publish(`$O.${bucket}.M.${padded}`, JSON.stringify(meta));
  const digest = createHash("sha256").update(body).digest("hex");
  return { "Nocp-Claim": `${bucket}/${name}`, "Nocp-Claim-Sha256": digest, "Nocp-Claim-Size": String(body.byteLength) };
}

const largeText = "x".repeat(700_000);
const small = createRequestId();
const large = createRequestId();
const ofAcme = createRequestId();

async function publishOldRequests(): Promise<void> {
  await publishOld(`nocp.v1.request.submitted.interactive.${small}`, JSON.stringify({ query: "small" }), small);
  const body = encodeJson({ query: "large", documents: [{ text: largeText }] });
  const claim = await depositOld("nocp_claims", randomUUID(), body);
  await publishOld(`nocp.v1.request.submitted.batch.${large}`, "", large, claim);
  const acme = JSON.stringify({ query: "acme's", tenant: "acme" });
  await publishOld(`nocp.v1.request.submitted.interactive.${ofAcme}`, acme, ofAcme);
}

async function takeOverAndProvision(): Promise<number> {
  const { messages } = await takeOver(broker);
  await broker.provision();
  return messages;
}

/** Whose requests a stage's handler is given: runs act until its queue is empty. */
async function handled(): Promise<string[]> {
  const seen: string[] = [];
  const stage = await startTestStage(broker, "act", async (message, context) => {
    const documents = (message.body as { documents?: { text: string }[] }).documents ?? [];
    seen.push([context.tenant, context.lane, context.requestId, documents[0]?.text.length ?? 0].join(" "));
    return emptyToolsCompleted(message, context);
  });
  await waitFor(async () => (await broker.manager.streams.info("NOCP_ACT")).state.messages === 0, "an empty queue");
  await stage.stop();
  return seen.sort();
}
const allRequests = [
  `default interactive ${small} 0`,
  `default batch ${large} ${largeText.length}`,
  `acme interactive ${ofAcme} 0`,
].sort();

/** A request that waits for each of the stages, one with a large body, and a result. @returns what it is to become. */
async function fillOldStreams(): Promise<string[]> {
  for await (const { config } of broker.manager.streams.list()) await broker.manager.streams.delete(config.name);
  await makeOldStreams();
  await publishOldRequests();
  const expected = [...submittedNow];
  for (const fact of ["tools.completed", "context.optimized", "completion.received", "tools.requested"]) {
    const requestId = createRequestId();
    await publishOld(`nocp.v1.${fact}.batch.${requestId}`, JSON.stringify({ tenant: "acme" }), `${requestId}>act.0`);
    expected.push(`nocp.v2.${fact}.acme.batch.${requestId}`);
  }
  const requestId = createRequestId();
  await publishOld(`nocp.v1.response.ready.${requestId}`, "{}", `${requestId}>articulate.0`);
  return [...expected, `nocp.v2.response.ready.default.${requestId}`].sort();
}
const submittedNow = [
  `nocp.v2.request.submitted.default.interactive.${small}`,
  `nocp.v2.request.submitted.default.batch.${large}`,
  `nocp.v2.request.submitted.acme.interactive.${ofAcme}`,
];

/** The subject of every message in NOCP's streams, as often as there are messages; old buckets are gone. */
async function subjectsNow(): Promise<string[]> {
  const found: string[] = [];
  for await (const { config } of broker.manager.streams.list()) {
    expect(config.name).not.toMatch(/^OBJ_/);
    if (!config.name.startsWith("NOCP_")) continue;
    const { state } = await broker.manager.streams.info(config.name, { subjects_filter: ">" });
    for (const [subject, count] of Object.entries(state.subjects ?? {}))
      found.push(...Array.from({ length: count }, () => subject));
  }
  return found.sort();
}

/**
 * A take-over that ends at its n-th change of the broker.
 * @param isMade whether that change is made, and only its answer is lost.
 * @returns whether it came to its end before.
 */
async function takeOverUntil(last: number, isMade: boolean): Promise<boolean> {
  let changes = 0;
  const counting = <T extends object>(target: T, methods: readonly string[]): T =>
    new Proxy(target, {
      get: (_target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== "function") return value;
        if (!methods.includes(String(name))) return value.bind(target);
        return async (...args: unknown[]) => {
          changes += 1;
          if (changes > last || (changes === last && !isMade)) throw new Error("killed");
          const answer: unknown = await value.apply(target, args);
          if (changes === last) throw new Error("killed");
          return answer;
        };
      },
    });
  const { manager, jetstream, claims } = broker;
  const cut = {
    ...broker,
    manager: {
      streams: counting(manager.streams, ["add", "update", "delete", "deleteMessage", "purge"]),
      consumers: counting(manager.consumers, ["add", "update", "delete"]),
    },
    jetstream: counting(jetstream, ["publish"]),
    claims: counting(claims, ["deposit"]),
  } as unknown as Broker;
  const outcome = await takeOver(cut).then(
    () => undefined,
    (error: Error) => error.message,
  );
  expect([undefined, "killed"]).toContain(outcome);
  return outcome === undefined;
}

describe("accepted requests", () => {
  test("are worked on under their ids, whatever their size, lane and tenant", async () => {
    await publishOldRequests();
    expect(await takeOverAndProvision()).toBe(3);
    expect(await handled()).toEqual(allRequests);
    const emitted = [];
    const { state } = await broker.manager.streams.info("NOCP_ASSESS", { subjects_filter: ">" });
    for (const subject of Object.keys(state.subjects ?? {})) emitted.push(parseFactSubject(subject)?.requestId);
    expect(emitted.sort()).toEqual([small, large, ofAcme].sort());
    expect(await takeOverAndProvision(), "a second take-over").toBe(0);
    for await (const { config } of broker.manager.streams.list()) expect(config.name).not.toMatch(/^OBJ_/);
  });

  test("of all stages are there once, wherever the take-over ends and is begun again", async () => {
    for (let change = 1, isWhole = false; !isWhole; change += 1) {
      const expected = await fillOldStreams();
      for (const isMade of [false, true]) isWhole = await takeOverUntil(change, isMade);
      await takeOverAndProvision();
      expect(await subjectsNow(), `ended at change ${change}`).toEqual(expected);
    }
  });
});

test("what a request has paid for and how often it was started go with it", async () => {
  const requestId = createRequestId();
  const records = { completions: `${requestId}.0`, attempts: "" };
  const sent = await publishOld(`nocp.v1.context.optimized.interactive.${requestId}`, "{}", `${requestId}>act.0>assess.0`);
  records.attempts = `llm-router-interactive.${sent.seq}`;
  for (const [bucket, key] of Object.entries(records)) {
    await broker.manager.streams.add({ name: `KV_nocp_${bucket}`, subjects: [`$KV.nocp_${bucket}.>`] });
    await broker.jetstream.publish(`$KV.nocp_${bucket}.${key}`, `what ${bucket} say`);
  }
  await takeOver(broker);
  const kept = await broker.manager.streams.getMessage("NOCP_LLM_ROUTER", {
    last_by_subj: `nocp.v2.context.optimized.default.interactive.${requestId}`,
  });
  expect(kept?.header.get(messageIdHeader)).toBe(`default.${requestId}>act.0>assess.0`);
  const storedIn = async (bucket: string, key: string) =>
    (await broker.manager.streams.getMessage(`KV_nocp_${bucket}`, { last_by_subj: `$KV.nocp_${bucket}.${key}` }))?.string();
  expect(await storedIn("completions", `default.${requestId}.0`)).toBe("what completions say");
  expect(await storedIn("attempts", `llm-router-interactive.${kept?.seq}`)).toBe("what attempts say");
});

test("a service does not start on old streams, and says what moves them", async () => {
  await publishOldRequests();
  await expect(broker.provision()).rejects.toMatchObject({
    code: "PROVISIONING_REFUSED",
    advice: expect.stringContaining("./nocp setup --streams"),
  });
  expect((await broker.manager.streams.info("NOCP_ACT")).state.messages).toBe(3);
});

test("results stay readable, and dead letters can be redriven", async () => {
  const requestId = createRequestId();
  const result = failedResultOf({
    ...{ tenant: "default", requestId, lane: "interactive", traceId: null },
    error: { code: "CANCELLED", message: "as it was" },
    ...{ submittedAt: 1, completedAt: 2, journey: [], attempts: [] },
  });
  await publishOld(`nocp.v1.response.ready.${requestId}`, encodeJson(result), `${requestId}>act.0`);
  const letter = {
    ...{ v: 1, requestId: small, stage: "act", subject: `nocp.v1.request.submitted.interactive.${small}`, messageId: small },
    error: { code: "UNEXPECTED", message: "once" },
    ...{ attempts: 5, at: 1, headers: {}, payload: Buffer.from('{"query":"again"}').toString("base64") },
  };
  await publishOld("nocp.v1.dead.act", JSON.stringify(letter), `${small}>dead`);
  await takeOverAndProvision();
  expect((await client.result(requestId, { timeoutMs: 60_000 })).error).toMatchObject({ message: "as it was" });
  const [dead] = await client.deadLetters.list(1);
  await client.deadLetters.redrive(String(dead?.sequence), 60_000);
  expect(await handled()).toEqual([`default interactive ${small} 0`]);
});
