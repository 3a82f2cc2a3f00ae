// Batches without a queue: what they write, and what becomes of them when whoever works on them dies, again and again.
import { setTimeout as elapse } from "node:timers/promises";
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type BatchRecord, batchObject } from "@nocp/gateway/batches/batch-record.ts";
import { batchRoutes } from "@nocp/gateway/batches/batch-routes.ts";
import { createBatchWork } from "@nocp/gateway/batches/run-batch.ts";
import { fileRoutes } from "@nocp/gateway/files/file-routes.ts";
import { createFiles } from "@nocp/gateway/files/files.ts";
import type { JobState } from "@nocp/gateway/jobs/job.ts";
import { startJobRunner } from "@nocp/gateway/jobs/run-jobs.ts";
import { servedApis } from "@nocp/gateway/served-apis.ts";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createRoutesApp } from "../fixtures/gateway-routes.ts";
import { createMemoryChunks, createMemoryRevisions } from "../fixtures/memory-stores.ts";

const release: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of release.splice(0).reverse()) await end();
});

/** Answers each request once, after a moment, and remembers how often it had to. */
function createQueue(answerOf: (question: string) => Partial<NocpResult> | "never" = () => ({})) {
  const paid = new Map<string, number>();
  const results = new Map<string, Promise<NocpResult>>();
  const cancelled: string[] = [];
  let refusals = 0;
  const queue: Pick<RequestQueue, "submit" | "find" | "wait" | "cancel"> = {
    async submit({ requestId = "", tenant, messages = [] }) {
      // The first ones find it full.
      if (refusals++ < 3) throw new NocpError("QUEUE_FULL", "full");
      if (!results.has(requestId)) {
        paid.set(requestId, (paid.get(requestId) ?? 0) + 1);
        const question = messages.at(-1)?.text ?? "";
        const answer = answerOf(question);
        const result = { ...emptyResult(tenant, requestId), answer: `re: ${question}`, ...(answer === "never" ? {} : answer) };
        results.set(requestId, answer === "never" ? new Promise(() => {}) : elapse(Math.random() * 5).then(() => result));
      }
      return { requestId, lane: "batch", traceId: null, duplicate: false };
    },
    find: async ({ requestId }) => results.get(requestId),
    wait: async ({ requestId }, _timeoutMs, signal) =>
      Promise.race([
        results.get(requestId),
        new Promise<undefined>((resolve) => signal.addEventListener("abort", () => resolve(undefined))),
      ]),
    async cancel({ tenant, requestId }) {
      cancelled.push(requestId);
      return { ...emptyResult(tenant, requestId), status: "failed", error: { code: "CANCELLED", message: "cancelled" } };
    },
  };
  return { queue, paid, cancelled };
}

const emptyResult = (tenant: string, requestId: string): NocpResult => ({
  ...failedResultOf({
    ...{ tenant, requestId, lane: "batch", submittedAt: 0, completedAt: 1_000, journey: [], attempts: [], traceId: null },
    error: { code: "UNEXPECTED", message: "none" },
  }),
  ...{ status: "succeeded", error: null, finishReason: "stop" },
});

function start(answerOf?: Parameters<typeof createQueue>[0], more: { maxLines?: number; now?: () => number } = {}) {
  const { queue, paid, cancelled } = createQueue(answerOf);
  const chunks = createMemoryChunks();
  const { now = Date.now, maxLines = 500 } = more;
  const files = createFiles({ records: createMemoryRevisions(), chunks, ttlMs: 1e10, now });
  const batches = createMemoryRevisions<BatchRecord>();
  const store = createMemoryRevisions<JobState>();
  const limits = { maxLines, maxLineBytes: 10_000, linesAtOnce: 16, segmentLines: 7 };
  const defaults = { tools: [], compression: "lossless", timeoutMs: 60_000 } as const;
  const own = { batches, files, chunks, queue, apis: servedApis, defaults, limits, now, lookEveryMs: 5 };
  const startRunner = () => {
    const runner = startJobRunner({
      ...{ store, works: { batch: createBatchWork(own) }, owner: String(Math.random()), now, lookEveryMs: 5, leaseMs: 500 },
      onError: () => undefined,
    });
    release.push(runner.stop);
    return runner;
  };
  const jobs = startRunner();
  const app = createRoutesApp([
    fileRoutes({ files, maxBytes: 50_000 }),
    batchRoutes({ batches, files, jobs, apis: servedApis, now }),
  ]);
  const upload = async (content: string, { fileFirst, ...fields }: Record<string, string> = { purpose: "batch" }, as = "ann") => {
    const form = new FormData();
    const file = new Blob([content]);
    if (fileFirst) form.append("file", file, "in.jsonl");
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    if (!fileFirst) form.append("file", file, "in.jsonl");
    const encoded = new Response(form);
    const headers = { "content-type": encoded.headers.get("content-type") ?? "" };
    return app.call("POST", "/v1/files", { as, headers, body: Buffer.from(await encoded.arrayBuffer()) });
  };
  const create = async (content: string, endpoint = "/v1/chat/completions") => {
    const input_file_id = (await upload(content)).body.id;
    return app.call("POST", "/v1/batches", { as: "ann", body: { input_file_id, endpoint, completion_window: "24h" } });
  };
  const ended = async (id: string) => {
    await vi.waitFor(
      async () =>
        expect((await app.call("GET", `/v1/batches/${id}`, { as: "ann" })).body.status).toMatch(
          /^(completed|failed|expired|cancelled)$/,
        ),
      { timeout: 60_000, interval: 10 },
    );
    return (await app.call("GET", `/v1/batches/${id}`, { as: "ann" })).body;
  };
  const content = async (id: string) => {
    const { text } = await app.call("GET", `/v1/files/${id}/content`, { as: "ann" });
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  };
  return { app, upload, create, ended, content, paid, cancelled, jobs, startRunner, batches, files, chunks };
}

const line = (number: number, more: object = {}) =>
  JSON.stringify({
    custom_id: `line ${number}`,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "nocp/auto", messages: [{ role: "user", content: `Q${number}` }] },
    ...more,
  });
const lines = (count: number) => Array.from({ length: count }, (_, number) => line(number)).join("\n");

describe("a batch", () => {
  test("answers each line under its own id, in the order of the input", async () => {
    const { create, ended, content, paid } = start();
    const created = await create(`${lines(40)}\n\n`);
    expect(created.body).toMatchObject({ object: "batch", status: "validating", completion_window: "24h", errors: null });
    const batch = await ended(created.body.id);
    expect(batch).toMatchObject({
      status: "completed",
      request_counts: { total: 40, completed: 40, failed: 0 },
      error_file_id: null,
    });
    const answers = await content(batch.output_file_id);
    expect(answers.map(({ custom_id }) => custom_id)).toEqual(Array.from({ length: 40 }, (_, number) => `line ${number}`));
    answers.forEach(({ response, error }, number) => {
      expect([response.status_code, error]).toEqual([200, null]);
      expect(response.body.choices[0].message.content).toBe(`re: Q${number}`);
    });
    expect([...paid.values()]).toEqual(Array.from({ length: 40 }, () => 1));
  });

  test("is gone on with by others, whenever those who work on it stop", async () => {
    const { create, ended, content, paid, jobs, startRunner } = start();
    const { body } = await create(lines(300));
    let worker = jobs;
    for (let death = 0; death < 12; death++) {
      await elapse(Math.random() * 40);
      await worker.stop();
      worker = startRunner();
    }
    const batch = await ended(body.id);
    expect(batch).toMatchObject({ status: "completed", request_counts: { total: 300, completed: 300, failed: 0 } });
    const answers = await content(batch.output_file_id);
    expect(answers.map(({ custom_id }) => custom_id)).toEqual(Array.from({ length: 300 }, (_, number) => `line ${number}`));
    expect(Math.max(...paid.values())).toBe(1);
    expect(paid.size).toBe(300);
  });

  test("writes what failed to the error file, as the endpoint would have answered", async () => {
    const { create, ended, content } = start((question) =>
      question === "Q1" ? { status: "failed", error: { code: "PROVIDER_RATE_LIMITED", message: "slow down" } } : {},
    );
    const body = { model: "nocp/auto", stream: true, messages: [{ role: "user", content: "x" }] };
    const { body: created } = await create([line(0), line(1), line(2, { body }), line(3, { body: { model: 7 } })].join("\n"));
    const batch = await ended(created.id);
    expect(batch).toMatchObject({ status: "completed", request_counts: { total: 4, completed: 1, failed: 3 } });
    const failures = await content(batch.error_file_id);
    expect(failures.map(({ custom_id, response }) => [custom_id, response.status_code])).toEqual([
      ["line 1", 429],
      ["line 2", 400],
      ["line 3", 400],
    ]);
    expect(failures[1].response.body.error.param).toBe("stream");
  });

  test("fails before anything is asked when its input is wrong, and says what is", async () => {
    const wrong: [string, string, string | null][] = [
      ["{", "invalid_json_line", null],
      [line(0, { url: "/v1/responses" }), "mismatched_url", "url"],
      [line(0, { custom_id: undefined }), "invalid_request", "custom_id"],
      [line(0, { method: "GET" }), "invalid_request", "method"],
      [`${line(0)}\n${line(0)}`, "duplicate_custom_id", "custom_id"],
      ["\n \n", "empty_file", null],
      [lines(4), "too_many_requests", null],
      [line(0, { body: { x: "x".repeat(20_000) } }), "line_too_long", null],
    ];
    const { create, ended, paid } = start(undefined, { maxLines: 3 });
    for (const [input, code, param] of wrong) {
      const batch = await ended((await create(input)).body.id);
      expect(batch).toMatchObject({ status: "failed", errors: { object: "list" } });
      expect(batch.errors.data[0]).toMatchObject({ code, param });
    }
    expect(paid.size).toBe(0);
  });

  test("that is cancelled ends with what was answered, and takes the rest off the queue", async () => {
    const { app, create, ended, content, cancelled, paid } = start((question) => (Number(question.slice(1)) < 20 ? {} : "never"));
    const { body } = await create(lines(60));
    await vi.waitFor(() => expect(paid.size).toBe(36), { timeout: 60_000 });
    expect((await app.call("POST", `/v1/batches/${body.id}/cancel`, { as: "bob" })).status).toBe(404);
    const cancelling = await app.call("POST", `/v1/batches/${body.id}/cancel`, { as: "ann" });
    expect(cancelling.body.status).toBe("cancelling");
    const batch = await ended(body.id);
    expect(batch).toMatchObject({ status: "cancelled", request_counts: { total: 60, completed: 20, failed: 40 } });
    expect(await content(batch.output_file_id)).toHaveLength(20);
    const failures = await content(batch.error_file_id);
    expect(new Set(failures.map(({ error }) => error.code))).toEqual(new Set(["batch_cancelled"]));
    expect(cancelled.length).toBe(paid.size - 20);
  });

  test("that takes longer than a day expires", async () => {
    let now = Date.now();
    const { create, ended, content, paid } = start((question) => (question === "Q0" ? {} : "never"), { now: () => now });
    const { body } = await create(lines(3));
    await vi.waitFor(() => expect(paid.size).toBe(3), { timeout: 30_000 });
    now += 25 * 3_600_000;
    const batch = await ended(body.id);
    expect(batch).toMatchObject({ status: "expired", request_counts: { completed: 1, failed: 2 } });
    expect((await content(batch.error_file_id)).map(({ error }) => error.code)).toEqual(["batch_expired", "batch_expired"]);
  });

  test("belongs to its tenant, and its list has pages", async () => {
    const { app, create, upload } = start();
    const ids: string[] = [];
    for (let batch = 0; batch < 3; batch++) ids.unshift((await create(line(batch))).body.id);
    const list = (path: string, as = "ann") => app.call("GET", path, { as });
    expect((await list("/v1/batches")).body.data.map(({ id }: { id: string }) => id).sort()).toEqual([...ids].sort());
    const first = (await list("/v1/batches?limit=2")).body;
    expect([first.data.length, first.has_more]).toEqual([2, true]);
    expect((await list(`/v1/batches?limit=2&after=${first.last_id}`)).body).toMatchObject({ has_more: false, data: [{}] });
    expect((await list("/v1/batches", "bob")).body.data).toEqual([]);
    expect((await list(`/v1/batches/${ids[0]}`, "bob")).status).toBe(404);
    expect((await list("/v1/batches/batch_*")).status).toBe(404);
    const others = (await upload(line(0), { purpose: "batch" }, "bob")).body.id;
    const body = { input_file_id: others, endpoint: "/v1/chat/completions", completion_window: "24h" };
    expect((await app.call("POST", "/v1/batches", { as: "ann", body })).status).toBe(400);
    const wrong = [{ ...body, endpoint: "/v1/x" }, { ...body, completion_window: "1h" }, {}];
    for (const sent of wrong) expect((await app.call("POST", "/v1/batches", { as: "bob", body: sent })).status).toBe(400);
  });
});

describe("a file", () => {
  test("is kept, listed, read and deleted, by its tenant alone", async () => {
    const { app, upload, chunks } = start();
    const text = "a\n".repeat(10_000);
    const { body } = await upload(text, { purpose: "user_data", "expires_after[anchor]": "created_at" });
    expect(body).toMatchObject({ object: "file", bytes: text.length, filename: "in.jsonl", purpose: "user_data" });
    expect((await app.call("GET", `/v1/files/${body.id}`, { as: "ann" })).body).toEqual(body);
    expect((await app.call("GET", `/v1/files/${body.id}/content`, { as: "ann" })).text).toBe(text);
    expect((await app.call("GET", "/v1/files?purpose=batch", { as: "ann" })).body.data).toEqual([]);
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/content"],
      ["DELETE", ""],
    ] as const)
      expect((await app.call(method, `/v1/files/${body.id}${path}`, { as: "bob" })).status).toBe(404);
    expect((await app.call("DELETE", `/v1/files/${body.id}`, { as: "ann" })).body.deleted).toBe(true);
    expect((await app.call("GET", `/v1/files/${body.id}`, { as: "ann" })).status).toBe(404);
    expect(chunks.kept.size).toBe(0);
  });

  test("that is too large, or no form, is refused and leaves nothing", async () => {
    const { app, upload, chunks } = start();
    const refused = await upload("x".repeat(60_000));
    expect([refused.status, refused.body.error.param]).toEqual([400, "file"]);
    expect((await upload("x", { purpose: "vision" })).body.error.param).toBe("purpose");
    expect((await upload("x", {})).body.error.param).toBe("purpose");
    expect((await upload("x", { purpose: "batch", "expires_after[seconds]": "7" })).status).toBe(400);
    expect((await app.call("POST", "/v1/files", { as: "ann", body: {} })).status).toBe(400);
    for (const [type, sent] of [
      ["multipart/form-data", ""],
      ["multipart/form-data; boundary=x", "--x\r\nnonsense--x--\r\n"],
      ["multipart/form-data; boundary=x", '--x\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--x\r\n'],
    ] as const) {
      const headers = { "content-type": type };
      expect((await app.call("POST", "/v1/files", { as: "ann", headers, body: Buffer.from(sent) })).status).toBe(400);
    }
    expect(chunks.kept.size).toBe(0);
  });

  test("may stand before what it is for, as some clients send it", async () => {
    const { app, upload, chunks } = start();
    const { body } = await upload("x\n", { fileFirst: "yes", purpose: "batch", "expires_after[seconds]": "3600" });
    expect(body).toMatchObject({ object: "file", purpose: "batch", bytes: 2 });
    expect(body.expires_at - body.created_at).toBe(3600);
    expect((await app.call("DELETE", `/v1/files/${body.id}`, { as: "ann" })).body.deleted).toBe(true);
    for (const fields of [{}, { purpose: "vision" }, { purpose: "batch", other: "1" }] as Record<string, string>[])
      expect((await upload("x\n", { fileFirst: "yes", ...fields })).status).toBe(fields.other ? 200 : 400);
    expect(chunks.kept.size).toBe(1);
  });

  test("is gone when its time is over", async () => {
    let now = Date.now();
    const { app, upload, files, chunks } = start(undefined, { now: () => now });
    const { body } = await upload("x", { purpose: "batch", "expires_after[seconds]": "3600" });
    expect(body.expires_at - body.created_at).toBe(3600);
    now += 3_601_000;
    expect((await app.call("GET", `/v1/files/${body.id}`, { as: "ann" })).status).toBe(404);
    await files.removeExpired();
    expect(chunks.kept.size).toBe(0);
  });
});

test("a batch shows its files when it has ended, and not before", () => {
  const output = { id: "file-1", bytes: 7, chunks: [1] };
  const batch = { ...({} as BatchRecord), since: {}, errors: [], output, failures: { ...output, bytes: 0 } };
  expect(batchObject({ ...batch, status: "in_progress" }).output_file_id).toBeNull();
  expect(batchObject({ ...batch, status: "completed" })).toMatchObject({ output_file_id: "file-1", error_file_id: null });
});
