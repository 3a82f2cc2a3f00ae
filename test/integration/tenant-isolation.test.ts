// Every operation of a caller, on what is its own and on what is another tenant's, against a real server with the users and
// accounts that ./nocp ships. docs/security.md has the same table, and the last test compares them.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@nocp/client/create-client.ts";
import {
  cancelSubject,
  deadSubject,
  deltaSubject,
  type Fact,
  factSubject,
  facts,
  progressSubject,
  resultSubject,
  type ServiceName,
  services,
  stages,
  topologyOf,
} from "@nocp/contracts/topology.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import { archiveBucket, archiveIndexBucket } from "@nocp/runtime/transport/archive-store.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { claimsBucket } from "@nocp/runtime/transport/claim-check.ts";
import { newHeaders } from "@nocp/runtime/transport/message-headers.ts";
import { serveCalls } from "@nocp/runtime/transport/service-calls.ts";
import { headsBucket, turnsBucket } from "@nocp/runtime/transport/session-buckets.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTenantServer, type TenantServer } from "../fixtures/tenant-server.ts";

let server: TenantServer;
let admin: Broker;
let acme: Broker;
beforeAll(async () => {
  server = await startTenantServer();
  admin = await openTestBroker(server.urlOf("admin"));
  acme = await openTestBroker(server.urlOf("acme"), { provision: "verify" });
  for (const tenant of ["acme", "other"]) await fill(tenant);
});
afterAll(async () => {
  await acme.close();
  await admin.close();
  await server.stop();
});

const requestId = "01890a5d-ac96-774b-bcce-b302099a8057";
const lane = "interactive";
const secretOf = (tenant: string): string => `only for ${tenant}`;
const keyOf = (tenant: string): string => `${tenant}.s1`;

async function fill(tenant: string): Promise<void> {
  await admin.jetstream.publish(resultSubject({ tenant, requestId }), secretOf(tenant));
  for (const bucket of [claimsBucket, headsBucket, turnsBucket, archiveBucket, archiveIndexBucket])
    await admin.jetstream.publish(`$KV.${bucket}.${keyOf(tenant)}`, secretOf(tenant));
}

/** A refusal comes at once; this is for a machine that does other things too. */
const answerWithinMs = 10_000;
/** A stream confirms a publishing some time after the broker has taken it. */
const confirmationMs = 300;

/** Whether what is published as this user arrives where the services are. */
async function reaches(as: Broker, subject: string): Promise<boolean> {
  return heardOn(admin, subject, { from: as });
}

/**
 * Whether what one connection publishes arrives on another. The broker passes a message on before it answers its sender, and
 * keeps the order on each connection: after an answer to either, it is there or will never be.
 */
async function heardOn(by: Broker, subject: string, { from, as = subject }: { from: Broker; as?: string }): Promise<boolean> {
  let isHeard = false;
  const subscription = by.connection.subscribe(subject, {
    callback: (error) => {
      isHeard ||= error === null;
    },
  });
  await by.connection.flush();
  from.connection.publish(as, "x", as === subject ? {} : { reply: subject });
  await from.connection.flush();
  if (as !== subject) await new Promise((resolve) => setTimeout(resolve, confirmationMs));
  await by.connection.flush();
  subscription.unsubscribe();
  return isHeard;
}

/** Whether the answer to a question has what is another's. */
async function reads(as: Broker, subject: string, body: object | undefined, secret: string): Promise<boolean> {
  try {
    const payload = body === undefined ? "" : JSON.stringify(body);
    const answer = await as.connection.request(subject, payload, { timeout: answerWithinMs });
    const text = answer.string();
    return text.includes(secret) || text.includes(Buffer.from(secret).toString("base64"));
  } catch {
    return false;
  }
}

const direct = (stream: string, subject: string): string => `$JS.API.DIRECT.GET.${stream}.${subject}`;

interface Operation {
  readonly name: string;
  /** @returns whether it had its effect on what is the tenant's. */
  readonly run: (tenant: string) => Promise<boolean>;
  /** False: not even on one's own. */
  readonly own: boolean;
}

const readsBucket = (name: string, bucket: string): Operation => ({
  name: `read ${name}`,
  own: true,
  run: (tenant) => reads(acme, direct(`KV_${bucket}`, `$KV.${bucket}.${keyOf(tenant)}`), undefined, secretOf(tenant)),
});
const hears = (name: string, subjectOf: (tenant: string) => string): Operation => ({
  name: `subscribe to ${name}`,
  own: true,
  run: (tenant) => heardOn(acme, subjectOf(tenant), { from: admin }),
});

const ref = (tenant: string) => ({ tenant, requestId });
const operations: readonly Operation[] = [
  {
    name: "submit a request",
    own: true,
    run: (tenant) => reaches(acme, factSubject("request.submitted", { tenant, lane, requestId: randomUUID() })),
  },
  {
    name: "submit past the line",
    own: false,
    run: (tenant) => reaches(acme, factSubject("request.submitted", { tenant, lane: "passing", requestId: randomUUID() })),
  },
  { name: "cancel a request", own: true, run: (tenant) => reaches(acme, cancelSubject(ref(tenant))) },
  {
    name: "read a result",
    own: true,
    run: (tenant) => reads(acme, direct("NOCP_RESULTS", resultSubject(ref(tenant))), undefined, secretOf(tenant)),
  },
  hears("a result", (tenant) => resultSubject({ tenant, requestId: randomUUID() })),
  hears("the answer as it is written", (tenant) => deltaSubject(ref(tenant))),
  hears("the progress of stages", (tenant) => progressSubject(tenant, "act", "stage-completed")),
  {
    name: "store a large body",
    own: true,
    run: (tenant) => reaches(acme, `$KV.${claimsBucket}.${tenant}.new.0`),
  },
  readsBucket("a large body", claimsBucket),
  readsBucket("a session", headsBucket),
  readsBucket("a turn of a session", turnsBucket),
  readsBucket("the archive", archiveBucket),
  readsBucket("the archive's index", archiveIndexBucket),
  { name: "write to a session", own: false, run: (tenant) => reaches(acme, `$KV.${headsBucket}.${keyOf(tenant)}`) },
  { name: "write to the archive", own: false, run: (tenant) => reaches(acme, `$KV.${archiveBucket}.${keyOf(tenant)}`) },
  ...facts
    .filter((fact) => fact !== "request.submitted")
    .map((fact) => ({
      name: `forge \`${fact}\``,
      own: false,
      run: (tenant: string) => reaches(acme, factSubject(fact, { tenant, lane, requestId })),
    })),
  {
    name: "forge `response.ready`",
    own: false,
    run: (tenant) => reaches(acme, resultSubject({ tenant, requestId: randomUUID() })),
  },
  {
    name: "forge `completion.received` through a reply subject",
    own: false,
    run: (tenant) =>
      heardOn(admin, factSubject("completion.received", { tenant, lane, requestId }), {
        from: acme,
        as: factSubject("request.submitted", { tenant: "acme", lane, requestId: randomUUID() }),
      }),
  },
  {
    name: "read a result by its number in the stream",
    own: false,
    run: (tenant) =>
      reads(acme, "$JS.API.DIRECT.GET.NOCP_RESULTS", { last_by_subj: resultSubject(ref(tenant)) }, secretOf(tenant)),
  },
  {
    name: "read a result from the stream's leader",
    own: false,
    run: (tenant) =>
      reads(acme, "$JS.API.STREAM.MSG.GET.NOCP_RESULTS", { last_by_subj: resultSubject(ref(tenant)) }, secretOf(tenant)),
  },
  {
    name: "list what a stream holds",
    own: false,
    run: (tenant) => reads(acme, "$JS.API.STREAM.INFO.NOCP_RESULTS", { subjects_filter: ">" }, tenant),
  },
  {
    name: "read a queue through a consumer",
    own: false,
    run: (tenant) =>
      reads(
        acme,
        "$JS.API.CONSUMER.CREATE.NOCP_RESULTS",
        { stream_name: "NOCP_RESULTS", config: { filter_subject: resultSubject(ref(tenant)), ack_policy: "none" } },
        "NOCP_RESULTS",
      ),
  },
  {
    name: "purge a queue",
    own: false,
    run: (tenant) => reads(acme, "$JS.API.STREAM.PURGE.NOCP_RESULTS", { filter: resultSubject(ref(tenant)) }, '"success":true'),
  },
];

async function outcomes(): Promise<readonly { readonly name: string; readonly own: boolean; readonly other: boolean }[]> {
  const rows = [];
  for (const { name, run } of operations) rows.push({ name, own: await run("acme"), other: await run("other") });
  return rows;
}

test("a tenant does what its own requests need, and reaches nothing of another tenant's", async () => {
  const rows = await outcomes();
  expect(rows.filter(({ other }) => other).map(({ name }) => name)).toEqual([]);
  expect(rows.map(({ name, own }) => ({ name, own }))).toEqual(operations.map(({ name, own }) => ({ name, own })));
});

test("docs/security.md has the same table", () => {
  const document = readFileSync(join(import.meta.dirname, "../../docs/security.md"), "utf8");
  const listed = [...document.matchAll(/^\| (.+?) +\| (yes|refused) +\| refused +\|$/gm)].map(([, name, own]) => [name, own]);
  expect(listed).toEqual(operations.map(({ name, own }) => [name, own ? "yes" : "refused"]));
});

describe("a service", () => {
  const published = (fact: Fact) => factSubject(fact, { tenant: "acme", lane, requestId: randomUUID() });

  test.each(services)("%s publishes its own facts and no others", async (service: ServiceName) => {
    const broker = await openTestBroker(server.urlOf(service), { provision: "verify" });
    const stage = stages.find((name) => name === service);
    for (const fact of facts) {
      // Observability takes dead letters back to the queues that they came from.
      const ofOthers = service === "observability" || (service === "gateway" && fact === "request.submitted");
      const emits = stage ? topologyOf(stage).emits.includes(fact) : ofOthers;
      expect([fact, await reaches(broker, published(fact))]).toEqual([fact, emits]);
    }
    for (const other of stages) expect([other, await reaches(broker, deadSubject(other))]).toEqual([other, other === service]);
    // Any stage can be the one where a request fails, and then tells the caller and ends the stream of its answer.
    for (const told of [resultSubject, deltaSubject].map((subjectOf) => subjectOf({ tenant: "acme", requestId: randomUUID() })))
      expect([told, await reaches(broker, told)]).toEqual([told, stage !== undefined]);
    await broker.close();
  });

  test("hears nothing of what others are delivered", async () => {
    const broker = await openTestBroker(server.urlOf("act"), { provision: "verify" });
    for (const subject of ["_INBOX_articulate.x", "nocp.v2.completion.received.acme.interactive.x"])
      expect(await heardOn(broker, subject, { from: admin })).toBe(false);
    await broker.close();
  });

  test("the gateway submits for every tenant, and forges nothing", async () => {
    const broker = await openTestBroker(server.urlOf("gateway"), { provision: "verify" });
    for (const tenant of ["acme", "other", "default"])
      expect(await reaches(broker, factSubject("request.submitted", { tenant, lane, requestId: randomUUID() }))).toBe(true);
    expect(await reaches(broker, published("completion.received"))).toBe(false);
    await broker.close();
  });
});

test("observability answers who asks it, and sends nothing to anybody else", async () => {
  const observability = await openTestBroker(server.urlOf("observability"), { provision: "verify" });
  const [gateway, act] = await Promise.all(
    (["gateway", "act"] as const).map((name) => openTestBroker(server.urlOf(name), { provision: "verify" })),
  );
  const stop = serveCalls(observability.connection, "observability", { echo: (asked) => asked });
  try {
    expect(await gateway?.call("observability", "echo", { page: 1 })).toEqual({ page: 1 });
    await expect(gateway?.call("observability", "other", {})).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    await expect(act?.call("observability", "echo", {})).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    expect(await reaches(observability, `${gateway?.inboxPrefix}.x`)).toBe(false);
    stop();
    await observability.connection.flush();
    await expect(gateway?.call("observability", "echo", {})).rejects.toThrow("observability does not run");
  } finally {
    for (const broker of [observability, gateway, act]) await broker?.close();
  }
});

test("nobody without a user is let in, nor with another's password", async () => {
  const plain = server.urlOf("acme").replace(/\/\/.*@/, "//");
  const foreign = server.urlOf("acme").replace("//acme:", "//other:");
  for (const natsUrl of [plain, foreign])
    await expect(createClient({ natsUrl, connectTimeoutMs: 2_000 })).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
});

test("a tenant's client submits, and reads results of any size", async () => {
  const client = await createClient({ natsUrl: server.urlOf("acme"), tenant: "acme" });
  const { requestId: own } = await client.submit({ query: "large", documents: [{ text: "x".repeat(900_000) }] });
  const stored = await admin.manager.streams.getMessage("NOCP_ACT", {
    last_by_subj: factSubject("request.submitted", { tenant: "acme", lane, requestId: own }),
  });
  expect((await admin.claims.redeem(stored?.header ?? newHeaders(), "acme")).byteLength).toBeGreaterThan(900_000);
  await client.close();
});

describe("a client that names another tenant is told so, and does not wait for what never comes", () => {
  test.each(["other", "unheard-of", "default"])("%s", async (tenant) => {
    const client = await createClient({ natsUrl: server.urlOf("acme"), tenant });
    const error = { code: "NOT_AUTHORIZED", message: `the NATS user acme may not act for the tenant ${tenant}` };
    const waits = { timeoutMs: 120_000 };
    await expect(client.submit({ query: "q" })).rejects.toMatchObject(error);
    await expect(client.ask({ query: "q" }, waits)).rejects.toMatchObject(error);
    await expect(client.result(requestId, waits)).rejects.toMatchObject(error);
    await expect(client.result(requestId, { timeoutMs: 0 })).rejects.toMatchObject(error);
    await expect(client.cancel(requestId)).rejects.toMatchObject(error);
    await client.close();
  });
});
