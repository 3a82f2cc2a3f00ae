// From assess into a real archive, and out of it with context.retrieve: byte for byte, and for nobody else.
import { createHash } from "node:crypto";
import { adoptTool } from "@nocp/act/adopt-tool.ts";
import { createHandler as createActHandler } from "@nocp/act/handle.ts";
import retrieve from "@nocp/act/tools/context-retrieve.ts";
import { createCompressor } from "@nocp/assess/compress.ts";
import { createContextMarks } from "@nocp/assess/context-mark.ts";
import { createHandler } from "@nocp/assess/handle.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { workHere } from "@nocp/assess/workers/context-work.ts";
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import { type ContextOptimized, contextOptimizedSchema, toolsCompletedSchema } from "@nocp/contracts/messages.ts";
import { type NocpRequestInput, requestSchema } from "@nocp/contracts/request.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { createArchiveReader } from "@nocp/runtime/stores/archive/archive-store.ts";
import { createBundle, originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestTools } from "../fixtures/act-test-tool.ts";

let server: NatsTestServer;
let broker: Broker;
const counter = createTokenCounter("gpt-4o");
const strategies = await loadStrategies();

beforeAll(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
});
afterAll(async () => {
  await broker.close();
  await server.stop();
});

/** What the service assess makes of a request, with its archive in NATS. */
async function assess(request: NocpRequestInput, data?: unknown, archive = broker.archive): Promise<ContextOptimized> {
  const counterFor = () => counter;
  const compressor = createCompressor({ strategies, counterFor });
  const handle = createHandler({
    work: workHere(compressor),
    counterFor,
    defaultModel: "gpt-4o",
    expectedTurns: 3,
    prefixCacheMs: 300_000,
    lastMessages: 4,
    archive,
    contextMarkFor: createContextMarks("secret"),
  });
  const context = createTestContext({ stage: "assess", ...(request.requestId ? { requestId: request.requestId } : {}) });
  const { requestId, lane, submittedAt, deadlineAt } = context;
  const result = { id: "call-1", name: "orders.search", status: "succeeded", data, bytes: 1, elapsedMs: 1 };
  const body = toolsCompletedSchema.parse({
    ...{ requestId, lane, submittedAt, deadlineAt },
    request: requestSchema.parse(request),
    toolResults: data === undefined ? [] : [result],
  });
  const [emission] = await handle({ fact: "tools.completed", body }, context);
  return contextOptimizedSchema.parse(emission?.body);
}

/** What act's tool returns to the same caller. */
async function callRetrieve(request: NocpRequestInput, input: Record<string, unknown>) {
  const { registry, runTools } = createTestTools([adoptTool(retrieve, "context-retrieve.ts")]);
  const handle = createActHandler({
    registry,
    runTools,
    archive: broker.archive,
    maxCallsPerRound: 32,
    acceptKeys: false,
    keySecret: "secret",
  });
  const tools = [{ name: "context.retrieve", arguments: input }];
  const context = createTestContext(request.requestId ? { requestId: request.requestId } : {});
  const [emission] = await handle({ fact: "request.submitted", body: requestSchema.parse({ ...request, tools }) }, context);
  const [result] = toolsCompletedSchema.parse(emission?.body).toolResults;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  return { data: result?.data as any, error: result?.error };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const reports = ["bridges", "tunnels", "harbours"].map((topic) => ({
  id: topic,
  title: `Report on ${topic}`,
  text: Array.from({ length: 90 }, (_, at) => `Section ${at} on ${topic}: clause ${at * 11} – paid in „Größe“ ${at}.`).join("\n"),
}));
const orders = Array.from({ length: 120 }, (_, at) => ({
  id: `AB-${1000 + at}`,
  status: "sent",
  total: at / 7,
  city: `Town ${at}`,
}));
const asked = (fields: Partial<NocpRequestInput> = {}): NocpRequestInput => ({
  query: "What does section 41 on tunnels say?",
  documents: reports,
  compression: { targetRatio: 0.2 },
  ...fields,
});
const inSession = (id: string, tenant = "acme") => ({ tenant, session: { id } });

describe("binary data that references stand for", () => {
  const image = Buffer.from(sha256("image").repeat(20), "hex").toString("base64");
  const asking = (id: string, tenant = "acme"): NocpRequestInput => ({
    ...asked(inSession(id, tenant)),
    documents: [],
    compression: { mode: "lossless", payloads: "reference" },
  });

  test("come back in every session and request of the tenant, and for no other tenant", async () => {
    const { archived, prompt } = await assess(asking("s-image"), { image });
    const [, reference] = /\[payload ([a-z]{10}), \d+ characters\]/.exec(prompt.context) ?? [];
    expect(archived).toMatchObject([{ ref: `${reference}.1`, sha256: sha256(image) }]);
    const request = { query: "?", tenant: "acme" };
    for (const caller of [asking("s-image"), asking("s-later"), request]) {
      const { data } = await callRetrieve(caller, { ref: reference, maxBytes: 100_000 });
      expect(data.text).toBe(image);
    }
    const { error } = await callRetrieve(asking("s-image", "other"), { ref: reference });
    expect(error?.code).toBe("ARCHIVE_REFUSED");
    expect((await broker.archive.list({ tenant: "acme", kind: "tenant" })).map((listing) => listing.reference)).toEqual([
      reference,
    ]);
  });
});

describe("what assess removed", () => {
  test("comes back by every reference that it handed out, byte for byte", async () => {
    const request = asked(inSession("s-bytes"));
    const { archived, prompt } = await assess(request, orders);
    expect(archived).toHaveLength(4);
    const originals = [...reports.map(({ text }) => text), JSON.stringify(orders)];
    for (const [at, { ref, sha256: digest, bytes }] of archived.entries()) {
      const original = originals[at] as string;
      expect(digest).toBe(sha256(original));
      expect(bytes).toBe(Buffer.byteLength(original));
      const { data } = await callRetrieve(request, { ref, maxBytes: 100_000 });
      const text = data.kind === "tool" ? JSON.stringify(data.data) : data.text;
      expect(sha256(text)).toBe(digest);
      expect(text).toBe(original);
    }
    const [, reference] = /\[shortened: context\.retrieve ([a-z]{10})\]/.exec(prompt.context) ?? [];
    const whole = await callRetrieve(request, { ref: reference, maxBytes: 100_000 });
    expect(whole.data.items.map(({ itemId }: { itemId: string }) => itemId)).toEqual([
      "bridges",
      "tunnels",
      "harbours",
      "call-1",
    ]);
    expect(whole.data.items[1].text).toBe(reports[1]?.text);
  });

  test("is listed with sizes where it is larger than asked for, and can be read in parts", async () => {
    const request = asked(inSession("s-parts"));
    const { archived } = await assess(request);
    const ref = archived[0]?.ref ?? "";
    const list = await callRetrieve(request, { ref: ref.split(".")[0], maxBytes: 1000 });
    expect(list.data.items[0]).toEqual({
      ...{ ref, itemId: "bridges", kind: "document", title: "Report on bridges" },
      bytes: Buffer.byteLength(reports[0]?.text ?? ""),
    });
    let text = "";
    for (let fromByte: number | undefined = 0; fromByte !== undefined; ) {
      const part: Awaited<ReturnType<typeof callRetrieve>> = await callRetrieve(request, { ref, maxBytes: 777, fromByte });
      expect(Buffer.byteLength(part.data.text)).toBeLessThanOrEqual(777);
      text += part.data.text;
      fromByte = part.data.nextByte;
    }
    expect(text).toBe(reports[0]?.text);
  });

  test("is found by what it says, in later requests of the session too", async () => {
    await assess(asked(inSession("s-query")), orders);
    const later = { query: "And the others?", ...inSession("s-query") };
    const found = await callRetrieve(later, { query: "clause 770 harbours", maxBytes: 2000 });
    expect(found.data.passages[0]).toMatchObject({ itemId: "harbours", title: "Report on harbours", kind: "document" });
    expect(found.data.passages[0].text).toContain("Section 70 on harbours: clause 770");
    expect(reports[2]?.text).toContain(found.data.passages[0].text);
    const row = await callRetrieve(later, { query: "order AB-1077", maxBytes: 700 });
    expect(row.data.passages[0]).toMatchObject({ itemId: "call-1", kind: "tool" });
    expect(row.data.passages[0].text).toContain('"id":"AB-1077"');
    const whole = await callRetrieve(later, { ref: row.data.passages[0].ref, maxBytes: 100_000 });
    expect(whole.data.data).toEqual(orders);
    expect((await callRetrieve(later, { query: "zeppelin" })).data).toMatchObject({
      passages: [],
      matches: 0,
      searchedBundles: 1,
    });
  });

  test("is given to nobody else: another tenant, another session, a request of its own", async () => {
    const { archived } = await assess(asked(inSession("s-mine")));
    const ref = archived[0]?.ref;
    const others = [inSession("s-mine", "other"), inSession("s-other"), { tenant: "acme" }, {}];
    for (const other of others) {
      const { data, error } = await callRetrieve({ query: "?", ...other }, { ref });
      expect(data).toBeUndefined();
      expect(error).toMatchObject({ code: "ARCHIVE_REFUSED" });
      expect(JSON.stringify(error)).not.toMatch(/bridges|s-mine|acme/);
      expect((await callRetrieve({ query: "?", ...other }, { query: "bridges clause" })).data.passages).toEqual([]);
    }
    expect((await callRetrieve({ query: "?", ...inSession("s-mine") }, { ref })).error).toBeUndefined();
  });

  test("belongs to the request alone where there is no session", async () => {
    const requestId = "01890a5d-ac96-774b-bcce-b302099a8001";
    const request = asked({ requestId });
    const { archived } = await assess(request);
    const ref = archived[0]?.ref;
    expect((await callRetrieve(request, { ref, maxBytes: 100_000 })).data.text).toBe(reports[0]?.text);
    const other = asked({ requestId: "01890a5d-ac96-774b-bcce-b302099a8002" });
    expect((await callRetrieve(other, { ref })).error).toMatchObject({ code: "ARCHIVE_REFUSED" });
  });

  test("is one bundle, however often the message is delivered", async () => {
    const request = asked(inSession("s-again"));
    const scope: ArchiveScope = { tenant: "acme", kind: "session", id: "s-again" };
    const first = await assess(request);
    const [listing] = await broker.archive.list(scope);
    const second = await assess(request);
    expect(second.archived).toEqual(first.archived);
    expect(second.prompt).toEqual(first.prompt);
    expect(await broker.archive.list(scope)).toEqual([listing]);
  });

  test("stays in the context when the archive cannot be written", async () => {
    const away = await openTestBroker(server.url);
    await away.close();
    const { prompt, warnings, archived } = await assess(asked(inSession("s-away")), undefined, away.archive);
    for (const { text } of reports) expect(prompt.context).toContain(text);
    expect(prompt.context).not.toContain("shortened:");
    expect(archived).toEqual([]);
    expect(warnings).toEqual([
      { code: "ARCHIVE_UNAVAILABLE", message: expect.stringContaining("the context was not compressed") },
    ]);
  });
});

describe("a reference", () => {
  test.each([
    ["zzzzzzzzzz", "ARCHIVE_MISSING"],
    ["zzzzzzzzzz.3", "ARCHIVE_MISSING"],
    ["../etc/passwd", "INVALID_ARGUMENTS"],
    ["*", "INVALID_ARGUMENTS"],
  ])("that is unknown or none, %s, is answered with %s", async (ref, code) => {
    const { error } = await callRetrieve({ query: "?", ...inSession("s-unknown") }, { ref });
    expect(error).toMatchObject({ code, advice: expect.any(String) });
  });

  test("beyond the end of its bundle is missing", async () => {
    const { archived } = await assess(asked(inSession("s-end")));
    const { error } = await callRetrieve({ query: "?", ...inSession("s-end") }, { ref: archived[0]?.ref.replace(".1", ".9") });
    expect(error).toMatchObject({ code: "ARCHIVE_MISSING", message: expect.stringContaining("3 items") });
  });
});

test("a bundle larger than a message of the queue is kept whole", async () => {
  const scope: ArchiveScope = { tenant: "acme", kind: "session", id: "s-large" };
  const text = Array.from({ length: 120_000 }, (_, at) => `line ${at * 7919} of a large log\n`).join("");
  const bundle = createBundle(scope, [{ kind: "document", id: "large", title: "", text }]);
  await broker.archive.put(bundle);
  const [original] = originalsOf(await createArchiveReader(broker.archive, scope).get(bundle.reference));
  expect(original && textOfOriginal(original)).toBe(text);
});

test("an expired bundle is missing, and no longer listed", async () => {
  const shortLived = await startNatsTestServer();
  const hasty = await openTestBroker(shortLived.url, { archiveTtlMs: 2000 });
  try {
    const scope: ArchiveScope = { tenant: "acme", kind: "session", id: "s-old" };
    const bundle = createBundle(scope, [{ kind: "message", id: "m", role: "user", text: "soon gone" }]);
    await hasty.archive.put(bundle);
    expect((await hasty.archive.list(scope)).map(({ reference }) => reference)).toEqual([bundle.reference]);
    await waitFor(async () => (await hasty.archive.list(scope)).length === 0, "the end of its time");
    await expect(hasty.archive.get(bundle.reference, scope)).rejects.toMatchObject({ code: "ARCHIVE_MISSING" });
  } finally {
    await hasty.close();
    await shortLived.stop();
  }
});
