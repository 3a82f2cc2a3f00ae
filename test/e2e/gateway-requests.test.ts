// NOCP's own requests over HTTP, with all of NOCP and a scripted vendor behind them.
import { createHmac, randomUUID } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";
import { type HttpTestServer, startHttpTestServer } from "../servers/http-test-server.ts";

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
const received: Received[] = [];
let receiver: HttpTestServer;
const gateway = useGatewayDeployment(() => ({
  NOCP_GATEWAY_WEBHOOK_HOSTS: JSON.stringify({ default: ["127.0.0.1:*"] }),
  NOCP_GATEWAY_WEBHOOK_ALLOW_PRIVATE: JSON.stringify(["127.0.0.1"]),
}));
beforeAll(async () => {
  receiver = await startHttpTestServer(({ request, response, body }) => {
    received.push({ headers: request.headers, body: body.toString("utf8") });
    // The first one is refused, and comes again.
    response.writeHead(received.length === 1 ? 503 : 204).end();
  });
});
afterAll(() => receiver.close());

const routing = { provider: "openai-compatible", model: "scripted-1" };
const root = "/nocp/v1/requests";
/** Between the clocks of the broker and of services on one machine. */
const clockErrorMs = 50;

async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  // biome-ignore lint/suspicious/noExplicitAny: its form is what is tested
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}
const submit = (more: object = {}, headers: Record<string, string> = {}) =>
  call("POST", root, { query: "Greet me.", routing, ...more }, headers);
const resultOf = async (id: string) => {
  for (;;) {
    const answer = await call("GET", `${root}/${id}?wait_ms=20000`);
    if (answer.status !== 202) return answer;
  }
};

describe("a request", () => {
  test("is accepted at once, and its result is waited for in another call", async () => {
    const accepted = await submit();
    expect([accepted.status, accepted.body.status, accepted.body.lane]).toEqual([202, "queued", "interactive"]);
    expect(accepted.headers.get("location")).toBe(`${root}/${accepted.body.id}`);
    const { status, body } = await resultOf(accepted.body.id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: accepted.body.id, status: "succeeded", result: { answer: "Hello." } });
  });

  test("that a rate limit keeps waiting waits for its provider, and not for NOCP", async () => {
    let refusals = 0;
    gateway.vendor.answer(() => {
      if (refusals++ > 0) return { text: ["Hello."] };
      return { status: 429, error: { message: "slow down" }, headers: { "retry-after": "1" } };
    });
    const { body } = await resultOf((await submit({ routing: { ...routing, model: "limited-1" } })).body.id);
    gateway.vendor.answer(() => ({ text: ["Hello."] }));
    const { status, attempts, latency, journey } = body.result as NocpResult;
    expect([status, ...attempts.map(({ errorCode }) => errorCode)]).toEqual(["succeeded", "PROVIDER_RATE_LIMITED", undefined]);
    expect(latency.providerWaitMs).toBeGreaterThanOrEqual(1_000);
    const router = journey.find(({ stage }) => stage === "llm-router")!;
    expect(latency.providerWaitMs).toBeCloseTo((router.heldMs ?? 0) + (router.pausedMs ?? 0), 1);
    const stages = Object.values(latency.stageMs).reduce((sum, ms) => sum + ms, 0);
    expect(latency.queueWaitMs + stages).toBeLessThanOrEqual(latency.totalMs - latency.providerWaitMs + clockErrorMs);
  });

  test("is done once under its idempotency key, however often it is sent", async () => {
    const before = gateway.vendor.calls.length;
    const key = { "idempotency-key": `order 7/${randomUUID()}`.replaceAll(" ", "-") };
    const query = `Once ${randomUUID()}`;
    const first = await submit({ query }, key);
    const second = await submit({ query }, key);
    expect(second.body.id).toBe(first.body.id);
    expect([first.body.duplicate, second.body.duplicate]).toEqual([false, true]);
    const { body } = await resultOf(first.body.id);
    const third = await submit({ query }, key);
    expect(third.body).toMatchObject({ id: first.body.id, status: "finished" });
    expect((await resultOf(first.body.id)).body).toEqual(body);
    expect(gateway.vendor.calls.length - before).toBe(1);
    expect((await submit({ query: "Another." }, key)).status).toBe(422);
  });

  test("is refused with the field that is wrong", async () => {
    const wrong: [object, Record<string, string>, number, RegExp][] = [
      [{ quary: "x" }, {}, 400, /quary/],
      [{ tenant: "other" }, {}, 403, /tenant/],
      [{ key: "other" }, {}, 400, /key/],
      [{ requestId: "7" }, {}, 400, /requestId/],
      [{ requestId: randomUUID() }, { "idempotency-key": randomUUID() }, 400, /Idempotency-Key/],
      [{ webhook: { url: "https://example.com/" } }, {}, 400, /webhookHosts/],
      [{ webhook: "https://example.com/" }, {}, 400, /webhook/],
    ];
    for (const [body, headers, status, message] of wrong) {
      const answer = await submit(body, headers);
      expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringMatching(message)]);
    }
    for (const path of [randomUUID(), `${randomUUID()}/events`]) expect((await call("GET", `${root}/${path}`)).status).toBe(404);
    expect((await call("GET", `${root}/no-uuid`)).status).toBe(400);
    expect((await call("GET", `${root}/${randomUUID()}?wait_ms=soon`)).status).toBe(400);
    expect((await call("DELETE", `${root}/${randomUUID()}`)).status).toBe(404);
  });

  test("is looked at without being submitted", async () => {
    const before = gateway.vendor.calls.length;
    const validate = (body: object) => call("POST", `${root}/validate`, body);
    expect((await validate({ query: "x", routing })).body).toEqual({ valid: true, problems: [] });
    const { body } = await validate({ lane: "fast", messages: [{ role: "user" }] });
    expect(body.valid).toBe(false);
    expect(body.problems.map(({ path }: { path: string }) => path)).toEqual(["messages.0.text", "lane"]);
    expect(gateway.vendor.calls.length).toBe(before);
  });

  test("tells its stages, the pieces of its answer and its result as events", async () => {
    gateway.vendor.answer(() => ({ text: ["Hello", " there", "."], pauseMs: 100 }));
    const { body } = await submit({ stream: true, query: `Stream ${randomUUID()}` });
    const response = await fetch(`${gateway.url}${body.links.events}`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const events = (await response.text())
      .split("\n\n")
      .map((event) => /^event: (.*)\ndata: (.*)$/.exec(event))
      .flatMap((match) => (match ? [{ name: match[1], data: JSON.parse(match[2] ?? "") }] : []));
    const stages = events.filter(({ name }) => name === "stage").map(({ data }) => data.stage);
    expect(stages).toEqual(expect.arrayContaining(["act", "assess", "llm-router", "articulate"]));
    expect(events.at(-1)).toMatchObject({ name: "result", data: { id: body.id, result: { answer: "Hello there." } } });
    // Whoever comes later gets what is left: the stages and the result.
    const later = await (await fetch(`${gateway.url}${body.links.events}`)).text();
    expect(later).toContain("event: result");
  });

  test("is cancelled with DELETE, and its result says so", async () => {
    gateway.vendor.answer(() => ({ text: Array.from({ length: 600 }, () => "x"), pauseMs: 100 }));
    const before = gateway.vendor.calls.length;
    const { body } = await submit({ query: `Long ${randomUUID()}` });
    await vi.waitFor(() => expect(gateway.vendor.calls.length).toBe(before + 1), { timeout: 60_000 });
    const cancelled = await call("DELETE", `${root}/${body.id}`);
    expect(cancelled.body).toMatchObject({ status: "failed", result: { error: { code: "CANCELLED" } } });
    expect((await resultOf(body.id)).body.result.error.code).toBe("CANCELLED");
    gateway.vendor.answer(() => ({ text: ["Hello."] }));
  });
});

describe("embeddings", () => {
  const embed = (body: object) => call("POST", "/v1/embeddings", { model: "embed-1", input: ["one two", "three"], ...body });

  test("come from their provider as they are, with the bill in the headers", async () => {
    const { status, headers, body } = await embed({ dimensions: 2, nocp: { tags: ["search"] } });
    expect([status, body.data.length, body.usage.prompt_tokens]).toEqual([200, 2, 3]);
    expect(headers.get("x-nocp-provider")).toBe("openai-compatible");
    expect(gateway.vendor.calls.at(-1)?.body).toEqual({ model: "embed-1", input: ["one two", "three"], dimensions: 2 });
    expect((await embed({ model: "openai-compatible/embed-2" })).body.model).toBe("embed-2");
  });

  test("are in the transactions of their tenant", async () => {
    const id = (await embed({ nocp: { tags: ["billed"] } })).headers.get("x-nocp-request-id");
    const database = join(gateway.deployment.folder, "transactions.sqlite");
    const rows = () => {
      const open = new DatabaseSync(database, { readOnly: true });
      try {
        return open.prepare("SELECT * FROM transactions WHERE request_id = ?").all(String(id));
      } finally {
        open.close();
      }
    };
    await vi.waitFor(() => expect(rows()).toMatchObject([{ status: "succeeded", provider: "openai-compatible" }]), {
      timeout: 60_000,
    });
  });

  test("are refused without an input, or a provider that is set up", async () => {
    expect((await embed({ input: "" })).body.error.param).toBe("input");
    expect((await embed({ model: 7 })).body.error.param).toBe("model");
    expect((await embed({ model: "openai/text-embedding-3-small" })).status).toBe(404);
  });
});

describe("a caller looks at", () => {
  test("what a session's context costs", async () => {
    const ask = (query: string) => submit({ query, session: { id: "talk" } });
    for (const query of ["Hello?", "And again?"]) await resultOf((await ask(query)).body.id);
    const { body } = await call("GET", "/nocp/v1/sessions/talk");
    expect(body).toMatchObject({ id: "talk", status: "active", turns: 2, compactions: 0 });
    expect(body.raw_tokens).toBeGreaterThan(0);
    expect((await call("GET", "/nocp/v1/sessions/none")).status).toBe(404);
    expect((await call("GET", "/nocp/v1/sessions/a.b")).status).toBe(400);
  });

  test("what was removed from a request", async () => {
    const text = Array.from({ length: 200 }, (_, at) => `In week ${at} the harbour was closed for ${at + 2} hours.`).join(" ");
    const compression = { targetRatio: 0.2 };
    const { body } = await submit({ query: "How long in week 7?", documents: [{ id: "log", text }], compression });
    const { result } = (await resultOf(body.id)).body;
    const [archived] = result.archived;
    const found = await call("GET", `/nocp/v1/archive/${archived.ref}`);
    expect(found.body.data).toMatchObject([{ reference: archived.ref, item_id: "log", sha256: archived.sha256, content: text }]);
    expect((await call("GET", "/nocp/v1/archive/aaaaaaaaaa")).status).toBe(404);
    expect((await call("GET", "/nocp/v1/archive/7")).status).toBe(400);
  });

  test("the providers", async () => {
    const { data } = (await call("GET", "/nocp/v1/providers")).body;
    const known = Object.fromEntries(data.map(({ id, configured }: { id: string; configured: boolean }) => [id, configured]));
    expect(known).toMatchObject({ "openai-compatible": true, openai: false });
  });
});

test("a webhook tells the result, signed, until its receiver takes it, and once more on request", async () => {
  gateway.vendor.answer(() => ({ text: ["Hello."] }));
  const { secret } = (await call("GET", "/nocp/v1/webhook-secret")).body;
  const { body } = await submit({ query: `Tell ${randomUUID()}`, webhook: { url: `${receiver.url}/hook` } });
  await vi.waitFor(() => expect(received).toHaveLength(2), { timeout: 120_000 });
  expect((await call("POST", `${root}/${body.id}/webhook`, {})).status).toBe(202);
  await vi.waitFor(() => expect(received).toHaveLength(3), { timeout: 120_000 });
  for (const { headers, body: payload } of received) {
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${payload}`;
    expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
    expect(headers["webhook-id"]).toBe(body.id);
    expect(JSON.parse(payload)).toMatchObject({ type: "request.completed", data: { id: body.id, result: { answer: "Hello." } } });
  }
  expect(new Set(received.map(({ body: payload }) => payload)).size).toBe(1);
  expect((await call("POST", `${root}/${randomUUID()}/webhook`, {})).status).toBe(404);
});
