// Keys of the HTTP API: created on the command line, obeyed at once by a gateway that runs.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createRunTool } from "@nocp/cli/setup/run-tool.ts";
import { factSubject } from "@nocp/contracts/topology.ts";
import { referenceOfHash } from "@nocp/gateway/compress/archive-hash.ts";
import type { Operation } from "@nocp/gateway/openapi/operation.ts";
import { operations } from "@nocp/gateway/openapi/operations.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import OpenAI from "openai";
import { beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "../fixtures/child-environment.ts";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

const gateway = useGatewayDeployment();
const run = createRunTool(childEnvironment);

interface CreatedKey {
  readonly id: string;
  readonly key: string;
}

// biome-ignore lint/suspicious/noExplicitAny: its form is what is tested
type Json = any;

/** What of the answers is looked at. */
interface Compressed {
  readonly messages: unknown;
  readonly tokens_saved: number;
  readonly ccr_hashes: readonly string[];
  readonly original_content: string;
  readonly session: { readonly cached_prefix_replayed: boolean };
}

async function keys(...args: string[]): Promise<unknown> {
  const program = [join(projectRoot, "cli/src/main.ts"), "keys", ...args, "--nats-url", gateway.deployment.natsUrl, "--json"];
  const { exitCode, stdout, stderr } = await run(process.execPath, program);
  if (exitCode !== 0) throw new Error(stderr + stdout);
  return JSON.parse(stdout);
}
const create = async (...args: string[]) => (await keys("create", "--name", "test", ...args)) as CreatedKey;

const model = "openai-compatible/scripted-1";
const messages = [{ role: "user" as const, content: "Hi" }];
const clientWith = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
const ask = (apiKey: string, more: object = {}, headers: Record<string, string> = {}) =>
  clientWith(apiKey).chat.completions.create({ model, messages, ...more }, { headers });

let all: CreatedKey;
beforeAll(async () => {
  expect((await ask("anything")).choices).toHaveLength(1);
  all = await create();
});

/** In place of the parameters of a path. */
const anyId = "00000000-0000-0000-0000-000000000000";
const pathOf = ({ path }: Operation, id = anyId): string => path.replaceAll(/\{\w+\}/g, id);

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

/** A call without what it needs besides a key. */
async function callWith(authorization: string | undefined, { method, path, body = {} }: Call) {
  const hasBody = method === "post" || method === "put";
  const response = await fetch(`${gateway.url}${path}`, {
    method: method.toUpperCase(),
    headers: {
      ...(hasBody ? { "content-type": "application/json" } : {}),
      ...(authorization ? { authorization } : {}),
    },
    ...(hasBody ? { body: JSON.stringify({ model, messages, input: "x", ...body }) } : {}),
  });
  return { status: response.status, text: await response.text() };
}

const closed = operations.filter(({ isPublic }) => !isPublic);
const forOperators = operations.filter(({ isForOperators }) => isForOperators);

test("with the first key, every endpoint asks for one", async () => {
  const calls = [...closed.map((operation) => ({ method: operation.method, path: pathOf(operation) }))];
  for (const call of [...calls, { method: "get", path: "/v1/nothing" }])
    for (const authorization of [undefined, "Bearer nocp_wrong", "Bearer "])
      expect([(await callWith(authorization, call)).status, call.path]).toEqual([401, call.path]);
  expect((await ask(all.key)).choices).toHaveLength(1);
});

test("a caller's key opens nothing that is for operators", async () => {
  expect(forOperators.length).toBeGreaterThan(10);
  for (const operation of forOperators) {
    const { status, text } = await callWith(`Bearer ${all.key}`, { method: operation.method, path: pathOf(operation, all.id) });
    expect([status, operation.path]).toEqual([403, operation.path]);
    expect(text).not.toContain(all.id);
  }
});

test("whatever has an id is its own tenant's, at every endpoint that takes one", async () => {
  const [ann, bob] = await Promise.all([create("--tenant", "ann"), create("--tenant", "bob")]);
  const client = clientWith(ann.key);
  const secret = "Zanzibar";
  const { id: response } = await client.responses.create({ model, input: secret });
  const file = await client.files.create({ purpose: "batch", file: new File([secret], "in.jsonl") });
  const batch = await client.batches.create({
    ...{ input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h", metadata: { secret } },
  });
  const { "x-nocp-request-id": request = "" } = await headersOf(ann.key, { "x-nocp-session": "of-ann" }, secret);
  const rows = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, secret, state: id % 7 ? "open" : "failed" })));
  const { hash, reference } = await archivedBy(ann.key, rows);
  const ids: Readonly<Record<string, string>> = {
    "/v1/responses/{id}": response,
    "/v1/responses/{id}/input_items": response,
    "/v1/retrieve/{hash}": hash,
    "/v1/files/{id}": file.id,
    "/v1/files/{id}/content": file.id,
    "/v1/batches/{id}": batch.id,
    "/v1/batches/{id}/cancel": batch.id,
    "/nocp/v1/requests/{id}": request,
    "/nocp/v1/requests/{id}/events": request,
    "/nocp/v1/requests/{id}/webhook": request,
    "/nocp/v1/sessions/{id}": "of-ann",
    "/nocp/v1/archive/{reference}": reference,
  };
  const taking = closed.filter(({ path, isForOperators }) => path.includes("{") && !isForOperators);
  const ofTenants = taking.filter(({ path }) => path !== "/v1/models/{id}");
  expect([...new Set(ofTenants.map(({ path }) => path))].sort()).toEqual(Object.keys(ids).sort());
  for (const operation of ofTenants) {
    const refused = await refusedAlike(bob.key, ids[operation.path] ?? "", (id) => ({
      method: operation.method,
      path: pathOf(operation, id),
    }));
    expect([operation.method, operation.path, refused.status]).toEqual([operation.method, operation.path, 404]);
    expect(refused.text).not.toContain(secret);
  }
  // Those that are named in a body.
  const follows = (id: string) => ({ method: "post", path: "/v1/responses", body: { previous_response_id: id } });
  expect((await refusedAlike(bob.key, response, follows)).status).toBe(400);
  const batchOf = (id: string) => ({
    ...{ method: "post", path: "/v1/batches" },
    body: { input_file_id: id, endpoint: "/v1/chat/completions", completion_window: "24h" },
  });
  expect((await refusedAlike(bob.key, file.id, batchOf)).status).toBe(400);
  // They were there all the time.
  for (const path of ["/v1/responses/{id}", "/v1/files/{id}", "/v1/batches/{id}", "/nocp/v1/archive/{reference}"]) {
    const own = await callWith(`Bearer ${ann.key}`, { method: "get", path: path.replace(/\{\w+\}/, ids[path] ?? "") });
    expect([path, own.status]).toEqual([path, 200]);
  }
});

/** Nobody learns whether an id of another tenant exists: it is refused word for word as one that nobody has. */
async function refusedAlike(apiKey: string, id: string, callOf: (id: string) => Call) {
  const unknown = `${id.slice(0, -1)}${id.endsWith("a") ? "b" : "a"}`;
  const [refused, missing] = await Promise.all([id, unknown].map((one) => callWith(`Bearer ${apiKey}`, callOf(one))));
  const textOf = (answer: typeof refused, named: string) =>
    answer?.text.replaceAll(named, "<id>").replace(newRequestId, "<call>");
  expect([refused?.status, textOf(refused, id)]).toEqual([missing?.status, textOf(missing, unknown)]);
  return refused ?? expect.fail();
}
const newRequestId = /"request_id":"[0-9a-f-]{36}"/g;

async function headersOf(apiKey: string, headers: Record<string, string>, content: string) {
  const { response } = await clientWith(apiKey)
    .chat.completions.create({ model, messages: [{ role: "user", content }] }, { headers })
    .withResponse();
  return Object.fromEntries(response.headers) as Record<string, string>;
}

/** What compression removed from a result of a tool. */
async function archivedBy(apiKey: string, content: string): Promise<{ hash: string; reference: string }> {
  const response = await fetch(`${gateway.url}/v1/compress`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      messages: [
        { role: "user", content: "Which ids failed?" },
        { role: "assistant", tool_calls: [{ id: "c", type: "function", function: { name: "list", arguments: "{}" } }] },
        { role: "tool", tool_call_id: "c", content },
      ],
      config: { mode: "ccr", target_ratio: 0.3 },
    }),
  });
  const [hash = ""] = ((await response.json()) as Compressed).ccr_hashes;
  return { hash, reference: referenceOfHash(hash)?.reference ?? "" };
}

test("a key is printed once, and kept as a digest", async () => {
  const listed = JSON.stringify(await keys("list"));
  expect(listed).toContain(all.id);
  expect(listed).not.toContain(all.key);
  expect(all.key).toMatch(/^nocp_[\w-]{43}$/);
});

describe("a key with limits", () => {
  test("names only its models and lanes", async () => {
    const { key } = await create("--models", "openai-compatible/*,nocp/auto", "--lanes", "interactive");
    expect((await ask(key)).choices).toHaveLength(1);
    await expect(ask(key, { model: "extractive/extractive-1" })).rejects.toMatchObject({ status: 403, param: "model" });
    await expect(ask(key, {}, { "x-nocp-route": `${model}, extractive/extractive-1` })).rejects.toMatchObject({ status: 403 });
    await expect(ask(key, {}, { "x-nocp-lane": "batch" })).rejects.toMatchObject({ status: 403, param: "lane" });
  });

  test("sees the responses of its own tenant only", async () => {
    const [ann, bob] = await Promise.all([create("--tenant", "ann"), create("--tenant", "bob")]);
    const { id } = await clientWith(ann.key).responses.create({ model, input: "My secret is 7." });
    expect((await clientWith(ann.key).responses.retrieve(id)).id).toBe(id);
    await expect(clientWith(bob.key).responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(clientWith(bob.key).responses.delete(id)).rejects.toMatchObject({ status: 404 });
    const follows = clientWith(bob.key).responses.create({ model, input: "Say it.", previous_response_id: id });
    await expect(follows).rejects.toMatchObject({ status: 400, param: "previous_response_id" });
    expect((await clientWith(ann.key).responses.retrieve(id)).id).toBe(id);
  });
});

test("requests, files and batches are their own tenant's", async () => {
  const [ann, bob] = await Promise.all([create("--tenant", "ann"), create("--tenant", "bob")]);
  const call = async (key: string, method: string, path: string, body?: object) => {
    const response = await fetch(`${gateway.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, text: await response.text() };
  };
  const [provider, name] = model.split("/");
  const request = { query: "My secret is 7.", routing: { provider, model: name } };
  const { id } = JSON.parse((await call(ann.key, "POST", "/nocp/v1/requests", request)).text);
  expect((await call(ann.key, "GET", `/nocp/v1/requests/${id}?wait_ms=60000`)).status).toBe(200);
  const file = await clientWith(ann.key).files.create({
    ...{ purpose: "batch", file: new File(['{"custom_id":"secret"}'], "in.jsonl") },
  });
  const batch = await clientWith(ann.key).batches.create({
    ...{ input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" },
  });
  const others: [string, string][] = [
    ["GET", `/nocp/v1/requests/${id}`],
    ["GET", `/nocp/v1/requests/${id}/events`],
    ["POST", `/nocp/v1/requests/${id}/webhook`],
    ["GET", `/v1/files/${file.id}`],
    ["GET", `/v1/files/${file.id}/content`],
    ["DELETE", `/v1/files/${file.id}`],
    ["GET", `/v1/batches/${batch.id}`],
    ["POST", `/v1/batches/${batch.id}/cancel`],
  ];
  for (const [method, path] of others) {
    const { status, text } = await call(bob.key, method, path, method === "POST" ? {} : undefined);
    expect([path, status]).toEqual([path, 404]);
    expect(text).not.toContain("secret");
  }
  for (const path of ["/v1/files", "/v1/batches"]) expect(JSON.parse((await call(bob.key, "GET", path)).text).data).toEqual([]);
  const secrets = await Promise.all([ann, bob].map(({ key }) => call(key, "GET", "/nocp/v1/webhook-secret")));
  expect(secrets[0]?.text).not.toBe(secrets[1]?.text);
  expect((await call(bob.key, "POST", "/nocp/v1/requests", { ...request, tenant: "ann" })).status).toBe(403);
  const { key } = await create("--lanes", "interactive", "--models", model);
  expect((await call(key, "POST", "/nocp/v1/requests", { ...request, lane: "batch" })).status).toBe(403);
  expect((await call(key, "POST", "/nocp/v1/requests", { query: "x" })).status).toBe(403);
});

test("what POST /v1/compress removed is its own tenant's", async () => {
  const [ann, bob] = await Promise.all([create("--tenant", "ann"), create("--tenant", "bob")]);
  const call = async (key: string, path: string, body?: object) => {
    const response = await fetch(`${gateway.url}${path}`, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: (await response.json()) as Compressed };
  };
  const rows = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, state: id % 7 ? "open" : "failed" })));
  const conversation = [
    { role: "user", content: "Which ids failed?" },
    { role: "assistant", tool_calls: [{ id: "c", type: "function", function: { name: "list", arguments: "{}" } }] },
    { role: "tool", tool_call_id: "c", content: rows },
  ];
  const config = { mode: "ccr", target_ratio: 0.3, session_id: "s" };
  const first = await call(ann.key, "/v1/compress", { model, messages: conversation, config });
  expect(first.body.tokens_saved).toBeGreaterThan(0);
  const [hash] = first.body.ccr_hashes;
  expect((await call(ann.key, `/v1/retrieve/${hash}`)).body.original_content).toBe(rows);
  expect((await call(bob.key, `/v1/retrieve/${hash}`)).status).toBe(404);
  const again = await call(ann.key, "/v1/compress", { model, messages: conversation, config });
  expect(again.body.messages).toEqual(first.body.messages);
  const others = await call(bob.key, "/v1/compress", { model, messages: conversation, config });
  expect(others.body.session.cached_prefix_replayed).toBe(false);
});

test("a rotated key is replaced, and may work for a while", async () => {
  const first = await create();
  const second = (await keys("rotate", first.id)) as CreatedKey;
  expect(second.id).toBe(first.id);
  await expect(ask(first.key)).rejects.toMatchObject({ status: 401 });
  const third = (await keys("rotate", first.id, "--grace", "1h")) as CreatedKey;
  expect((await ask(second.key)).choices).toHaveLength(1);
  expect((await ask(third.key)).choices).toHaveLength(1);
  await keys("delete", first.id);
  for (const { key } of [second, third]) await expect(ask(key)).rejects.toMatchObject({ status: 401 });
  await expect(keys("rotate", first.id)).rejects.toThrow(/there is no key/);
});

test("an admin key operates the deployment, and no other key does", async () => {
  const [admin, caller] = await Promise.all([create("--admin"), create("--tenant", "ann")]);
  const call = async (key: string, method: string, path: string, body?: object) => {
    const response = await fetch(`${gateway.url}/nocp/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const health = await call(admin.key, "GET", "/health");
  expect(health).toMatchObject({ status: 200, body: { status: "ok", queues: expect.any(Array) } });
  expect(health.body.queues).toHaveLength(9);
  expect((await call(caller.key, "GET", "/health")).status).toBe(403);

  const made = await call(admin.key, "POST", "/keys", { name: "over HTTP", tenant: "ann", budgets: ["1000requests/day"] });
  expect(made.status).toBe(201);
  // Another gateway would hear of it a moment later, too.
  await expect.poll(() => ask(made.body.key).then(({ choices }) => choices.length), { timeout: 30_000 }).toBe(1);
  const mine = async (key: string) => (await call(key, "GET", "/transactions?limit=500")).body.data as { tenant: string }[];
  await expect.poll(async () => (await mine(caller.key)).length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(new Set((await mine(caller.key)).map(({ tenant }) => tenant))).toEqual(new Set(["ann"]));
  expect(new Set((await mine(admin.key)).map(({ tenant }) => tenant)).has("default")).toBe(true);
  const billed = async () => (await call(admin.key, "GET", "/totals?by=key")).body.groups.map(({ group }: Json) => group);
  await expect.poll(billed, { timeout: 60_000 }).toContain(made.body.id);

  expect((await call(admin.key, "PUT", "/budgets/daily", { limit: "100usd/day" })).status).toBe(200);
  expect((await call(admin.key, "GET", "/budgets")).body.data).toHaveLength(2);
  expect((await call(admin.key, "DELETE", "/budgets/daily")).status).toBe(200);
  expect((await call(admin.key, "GET", "/tenants")).body.data).toContainEqual(expect.objectContaining({ id: "ann" }));
  const states = await call(admin.key, "GET", "/providers/states");
  expect(states.body.data).toContainEqual(expect.objectContaining({ id: model, breaker: "closed" }));
  const timed = await call(admin.key, "POST", "/benchmark", { requests: 4, concurrency: 2 });
  expect(timed.body).toMatchObject({ requests: 4, failed: 0, latency_ms: { p50: expect.any(Number) } });
  expect((await call(admin.key, "DELETE", `/keys/${made.body.id}`)).status).toBe(200);
  await expect.poll(() => ask(made.body.key).catch(({ status }) => status), { timeout: 30_000 }).toBe(401);
});

test("an operator sends a dead letter again, though the gateway may not write to the stages' queues", async () => {
  const admin = await create("--admin");
  const call = async (method: string, path: string) => {
    const response = await fetch(`${gateway.url}/nocp/v1/dead-letters${path}`, { method, headers: { "x-api-key": admin.key } });
    return { status: response.status, body: (await response.json()) as Json };
  };
  // No schema of a request allows it, so the first stage cannot handle it.
  const requestId = randomUUID();
  const broker = await openTestBroker(gateway.deployment.natsUrl);
  try {
    const subject = factSubject("request.submitted", { tenant: "default", lane: "interactive", requestId });
    const wrong = { subject, tenant: "default", body: Buffer.from("no JSON"), messageId: requestId, headers: {} };
    await broker.publisher.publish(wrong, AbortSignal.timeout(30_000));
  } finally {
    await broker.close();
  }
  const idOf = async () => (await call("GET", `/${requestId}`)).body.id as string | undefined;
  await expect.poll(idOf, { timeout: 60_000 }).toMatch(/^\d+$/);
  const first = await idOf();
  expect((await call("GET", "?limit=200")).body.data).toContainEqual(expect.objectContaining({ id: first, stage: "act" }));
  expect(await call("GET", `/${first}`)).toMatchObject({ status: 200, body: { body: "no JSON", request_id: requestId } });
  expect(await call("POST", `/${first}/redrive`)).toMatchObject({ status: 200, body: { stage: "act", request_id: requestId } });
  // It fails again.
  await expect.poll(idOf, { timeout: 60_000 }).not.toBe(first);
  await expect.poll(idOf, { timeout: 60_000 }).toMatch(/^\d+$/);
  expect((await call("DELETE", `/${requestId}`)).status).toBe(200);
  expect((await call("GET", `/${requestId}`)).status).toBe(404);
});
