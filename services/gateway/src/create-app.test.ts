import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import type { StartOptions, StartRequest } from "@nocp/client/start-request.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { chatServerApi } from "@nocp/models/vendors/openai/chat-server.ts";
import { trace } from "@opentelemetry/api";
import { Registry } from "prom-client";
import { afterEach, describe, expect, it } from "vitest";
import { type Admission, createAdmission } from "./admission.ts";
import { createApp } from "./create-app.ts";
import { createGatewayMetrics } from "./metrics.ts";
import { createOwnRounds } from "./own-rounds.ts";
import type { CallDependencies } from "./serve-call.ts";

interface Queue {
  readonly requests: NocpRequestInput[];
  readonly options: StartOptions[];
  readonly cancelled: string[];
  finish(at: number, answer: string): void;
}

const resultOf = (requestId: string, answer: string): NocpResult => ({
  ...failedResultOf({
    tenant: "default",
    requestId,
    lane: "interactive",
    error: { code: "UNEXPECTED", message: "none" },
    submittedAt: 0,
    completedAt: 1,
    journey: [],
    attempts: [],
    traceId: null,
  }),
  status: "succeeded",
  error: null,
  answer,
  finishReason: "stop",
});

const release: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of release.splice(0)) await end();
});

/** The application on a queue that the test plays. */
async function startApp(
  settings: { maxConcurrent?: number; maxBodyBytes?: number; keepAliveMs?: number; stalledClientMs?: number } = {},
) {
  const admission: Admission = createAdmission(settings.maxConcurrent ?? 10);
  const results = new Map<number, (result: NocpResult) => void>();
  const queue: Queue = {
    requests: [],
    options: [],
    cancelled: [],
    finish: (at, answer) => results.get(at)?.(resultOf(queue.requests[at]!.requestId ?? "", answer)),
  };
  const unexpected: unknown[] = [];
  const app = await createApp({
    apis: [chatServerApi],
    models: [],
    routes: [],
    authenticate: () => ({ access: { tenant: "default", models: [], lanes: [], compression: null } }),
    admission,
    maxBodyBytes: settings.maxBodyBytes ?? 100_000,
    corsOrigins: [],
    countInput: async () => 0,
    calls: {
      paths: useQueue((request, options) => {
        const { promise, resolve } = Promise.withResolvers<NocpResult>();
        results.set(queue.requests.length, resolve);
        queue.requests.push(request);
        queue.options.push(options);
        const requestId = request.requestId ?? "";
        return {
          requestId,
          submitted: Promise.resolve({ requestId, lane: "interactive", traceId: null, duplicate: false }),
          result: promise,
          cancel: async () => void queue.cancelled.push(requestId),
        };
      }),
      answers: { get: async () => undefined, put: async () => {}, remove: async () => false },
      ownRounds: createOwnRounds({ get: async () => undefined, put: async () => {} }),
      tracer: trace.getTracer("test"),
      metrics: createGatewayMetrics(new Registry(), () => 0),
      settings: {
        path: "queue",
        compression: "lossless",
        tools: ["context.retrieve"],
        timeoutMs: 60_000,
        keepAliveMs: settings.keepAliveMs ?? 60_000,
        stalledClientMs: settings.stalledClientMs ?? 60_000,
      },
      onUnexpected: (error) => unexpected.push(error),
    },
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  release.push(() => {
    app.server.closeAllConnections();
    return app.close();
  });
  const post = (body: object) =>
    fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "nocp/auto", messages: [{ role: "user", content: "x" }], ...body }),
    });
  return { admission, queue, post, url, unexpected };
}

const useQueue = (queue: StartRequest): CallDependencies["paths"] => ({ directState: "off", start: { queue, direct: queue } });

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe("the HTTP application", () => {
  it("refuses a call that it cannot hold, says when to try again, and takes the next one", async () => {
    const { queue, post } = await startApp({ maxConcurrent: 1 });
    const first = post({});
    await until(() => queue.requests.length === 1);
    const second = await post({});
    expect([second.status, second.headers.get("retry-after")]).toEqual([503, "1"]);
    queue.finish(0, "done");
    expect((await first).status).toBe(200);
    const third = post({});
    await until(() => queue.requests.length === 2);
    queue.finish(1, "done");
    expect((await third).status).toBe(200);
  });

  it("has an earlier result looked for only under an id that the client chose", async () => {
    const { queue, post } = await startApp();
    const chosen = "8f14e45f-ceea-467f-a8f4-0000000000a1";
    const calls = [post({}), post({ nocp: { request_id: chosen } })];
    await until(() => queue.requests.length === 2);
    const isNew = queue.options.map((options, at) => [queue.requests[at]?.requestId === chosen, options.isNew]);
    expect(isNew.sort()).toEqual([
      [false, true],
      [true, false],
    ]);
    for (const at of [0, 1]) queue.finish(at, "done");
    for (const response of await Promise.all(calls)) expect(response.status).toBe(200);
  });

  it("does not read a body that is too large", async () => {
    const { post, queue } = await startApp({ maxBodyBytes: 2_000 });
    const response = await post({ user: "x".repeat(5_000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: "request_too_large", type: "invalid_request_error" } });
    expect(queue.requests).toHaveLength(0);
  });

  it("keeps a silent stream alive, and still has its answer", async () => {
    const { queue, post } = await startApp({ keepAliveMs: 100 });
    const response = await post({ stream: true });
    const reader = response.body!.getReader();
    const first = await reader.read();
    expect(new TextDecoder().decode(first.value)).toBe(": keep-alive\n\n");
    queue.finish(0, "done");
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += new TextDecoder().decode(part.value);
    expect(rest).toContain('"content":"done"');
    expect(rest.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  it("cancels the call of a client that hangs up before the answer", async () => {
    const { queue, url, admission } = await startApp();
    const body = JSON.stringify({ model: "nocp/auto", messages: [{ role: "user", content: "x" }] });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => queue.requests.length === 1);
    socket.destroy();
    await once(socket, "close");
    await until(() => queue.cancelled.length === 1);
    await until(() => admission.active === 0);
  });

  it("cancels the call of a client that reads nothing, and holds no more than what the sockets hold", async () => {
    const { queue, url } = await startApp({ stalledClientMs: 100 });
    const body = JSON.stringify({ model: "nocp/auto", stream: true, messages: [{ role: "user", content: "x" }] });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    release.push(async () => socket.destroy());
    socket.pause();
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => queue.options.length === 1);
    const text = "x".repeat(1_000_000);
    for (let sequence = 0; sequence < 16; sequence++)
      queue.options[0]?.onDelta?.({ requestId: "r", attempt: 1, sequence, text, done: false });
    await until(() => queue.cancelled.length === 1);
  });

  it("lets open calls finish when it stops, and ends the rest with an error", async () => {
    const { queue, post, admission, unexpected } = await startApp();
    const [finishing, streaming] = [post({}), post({ stream: true })];
    await until(() => queue.requests.length === 2);
    const held = queue.requests.findIndex(({ stream }) => stream);
    queue.options[held]?.onDelta?.({ requestId: "r", attempt: 1, sequence: 0, text: "Hel", done: false });
    const drained = admission.drain(200);
    expect((await post({})).status).toBe(503);
    queue.finish(1 - held, "done");
    expect((await finishing).status).toBe(200);
    const text = await (await streaming).text();
    expect(text).toContain('"content":"Hel"');
    expect(text).toContain("is stopping");
    expect(text).not.toContain("[DONE]");
    await drained;
    expect(queue.cancelled).toEqual([queue.requests[held]?.requestId]);
    expect(unexpected).toEqual([]);
  });

  describe("a body", () => {
    const body = JSON.stringify({ model: "nocp/auto", messages: [{ role: "user", content: "x" }] });
    const sendRaw = (url: string, sent: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>>) =>
      fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body: sent });
    const json = "application/json";
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

    it.each([
      ["with a byte order mark", `\uFEFF${body}`, { "content-type": json }],
      ["with a character set", body, { "content-type": `${json}; charset=utf-8` }],
      ["whose type is in capitals", body, { "content-type": "Application/JSON" }],
      ["that is not encoded, and says so", body, { "content-type": json, "content-encoding": "identity" }],
      ["with half a character", body.replace('"x"', '"\\ud800"'), { "content-type": json }],
      ["with a key that comes twice", body.replace("{", '{"model":7,'), { "content-type": json }],
      [
        "with keys of every object",
        body.replace("{", '{"__proto__":{"a":1},"constructor":{},"toString":"x",'),
        { "content-type": json },
      ],
      ["with a field of a great depth", body.replace("{", `{"custom":${nested(2_000)},`), { "content-type": json }],
    ])("is read %s", async (_what, sent, headers) => {
      const { queue, url, unexpected } = await startApp();
      const answer = sendRaw(url, sent, headers);
      await until(() => queue.requests.length === 1);
      queue.finish(0, "done");
      expect((await answer).status).toBe(200);
      expect(unexpected).toEqual([]);
    });

    it.each([
      ["compressed", gzipSync(body), { "content-type": json, "content-encoding": "gzip" }, 415],
      ["no JSON by its type", body, { "content-type": "text/plain" }, 415],
      ["cut off", body.slice(0, -1), { "content-type": json }, 400],
      ["a list", "[]", { "content-type": json }, 400],
      ["null", "null", { "content-type": json }, 400],
      ["empty", "", { "content-type": json }, 400],
      ["nothing but depth", nested(40_000), { "content-type": json }, 400],
      ["nothing but an open depth", "[".repeat(90_000), { "content-type": json }, 400],
    ])("is refused when it is %s", async (_what, sent, headers, status) => {
      const { queue, url, unexpected } = await startApp();
      const response = await sendRaw(url, sent as string, headers);
      expect([response.status, await response.json()]).toMatchObject([status, { error: { type: "invalid_request_error" } }]);
      expect([queue.requests, unexpected]).toEqual([[], []]);
    });
  });
});
