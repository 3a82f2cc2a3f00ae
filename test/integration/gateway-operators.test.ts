// The endpoints for operators on the stores of one process: what is shown to whom, and what they change.

import type { StoredDeadLetter } from "@nocp/client/dead-letters.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { digestOfKey } from "@nocp/contracts/gateway-key.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { operatorRoutes } from "@nocp/gateway/operators/operator-routes.ts";
import { openOperatorWork } from "@nocp/gateway/operators/operator-work.ts";
import { answersOf } from "@nocp/observability/answer-calls.ts";
import { openTransactionStore } from "@nocp/observability/transaction-store.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRoutesApp, operator, type RoutesApp } from "../fixtures/gateway-routes.ts";
import { createMemoryOperatorBroker } from "../fixtures/memory-stores.ts";
import { exampleCost, exampleTransaction } from "../fixtures/transaction-example.ts";

const store = openTransactionStore(":memory:");
afterAll(() => store.close());

const letterId = createRequestId();
const letter: StoredDeadLetter = {
  sequence: 7,
  readable: true,
  letter: {
    ...{ v: 1, tenant: "acme", requestId: letterId, stage: "assess", subject: "nocp.v2.tools.completed", messageId: "m" },
    error: { code: "UNEXPECTED", message: "it broke", advice: "Look." },
    ...{ attempts: 3, at: 5, headers: { traceparent: "t" }, payload: Buffer.from("secret").toString("base64") },
  },
};
const settled: string[] = [];
const find = async (id: string): Promise<StoredDeadLetter> => {
  if (id === "7" || id === letterId) return letter;
  throw new NocpError("RESULT_NOT_FOUND", `there is no dead letter ${id}`);
};
const settle = (how: string) => async (id: string) => {
  const found = await find(id);
  settled.push(`${how} ${id}`);
  return found;
};
const answers = answersOf({ store, deadLetters: { redrive: settle("redrive"), drop: settle("drop") } });

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
/** One a day: of two tenants, models and outcomes in turn. */
const transactions = Array.from({ length: 12 }, (_, index) =>
  exampleTransaction({
    requestId: `00000000-0000-4000-8000-0000000000${String(index).padStart(2, "0")}`,
    // Two of each day finish in the same millisecond.
    completedAt: start + Math.floor(index / 2) * day,
    tenant: index % 2 === 0 ? "acme" : "beta",
    status: index % 3 === 0 ? "failed" : "succeeded",
    errorCode: index % 3 === 0 ? "CANCELLED" : null,
    model: index % 4 < 2 ? "small" : "large",
    provider: "openai",
    tags: index < 6 ? ["first"] : [],
    sessionId: index === 5 ? "s-1" : null,
    cost: exampleCost(index === 11 ? null : 0.5, 1),
  }),
);

let app: RoutesApp;
beforeAll(async () => {
  store.write({ transactions, incidents: [] });
  const broker = createMemoryOperatorBroker(async (service, name, question) => {
    expect(service).toBe("observability");
    return answers[name as keyof typeof answers](JSON.parse(JSON.stringify(question)));
  });
  const work = await openOperatorWork({
    ...{ broker, setups: [], breakerWindowMs: 60_000, now: () => start },
    deadLetters: { list: async (limit) => [letter].slice(0, limit), show: find },
  });
  const none = () => Promise.reject(new NocpError("QUEUE_FULL", "full"));
  app = createRoutesApp([...operatorRoutes({ work, queue: { submit: none, wait: async () => undefined } })]);
});

const get = (path: string, as: string = operator) => app.call("GET", path, { as });
const idsOf = (body: { readonly data: readonly { readonly id: string }[] }) => body.data.map(({ id }) => Number(id.slice(-2)));

describe("transactions", () => {
  test("come newest first, in pages that leave out and repeat none", async () => {
    const seen: number[] = [];
    let after = "";
    let pages = 0;
    do {
      const { body, status } = await get(`/nocp/v1/transactions?limit=5${after === "" ? "" : `&after=${after}`}`);
      expect(status).toBe(200);
      expect(body.has_more).toBe(body.next !== null);
      seen.push(...idsOf(body));
      after = body.next ?? "";
      pages += 1;
    } while (after !== "");
    expect(pages).toBe(3);
    expect(seen).toEqual([10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1]);
  });

  test.each([
    ["tenant=acme", [10, 8, 6, 4, 2, 0]],
    ["status=failed", [9, 6, 3, 0]],
    ["error_code=CANCELLED&tenant=beta", [9, 3]],
    ["model=openai/large", [10, 11, 6, 7, 2, 3]],
    ["model=large&tag=first", [2, 3]],
    ["model=openai&session=s-1", [5]],
    ["since=2026-01-05&until=2026-01-06T00:00:00Z", [8, 9]],
    [`until=${start + day}`, [0, 1]],
    ["key=none", []],
  ])("are chosen by %s", async (query, expected) => {
    expect(idsOf((await get(`/nocp/v1/transactions?${query}`)).body)).toEqual(expected);
  });

  test("have the names of the API and hold no content", async () => {
    const { body } = await get("/nocp/v1/transactions?limit=1");
    expect(body.data[0]).toMatchObject({ object: "nocp.transaction", request_id: body.data[0].id, cost_usd: 0.5, tags: [] });
    expect(body.data[0].stage_ms).toHaveProperty("llm-router");
  });

  test("are a caller's own tenant's, whatever it asks for", async () => {
    expect(idsOf((await get("/nocp/v1/transactions", "acme")).body)).toEqual([10, 8, 6, 4, 2, 0]);
    expect((await get("/nocp/v1/transactions?tenant=acme", "acme")).status).toBe(200);
    for (const path of ["/nocp/v1/transactions?tenant=beta", "/nocp/v1/totals?tenant=beta"])
      expect((await get(path, "acme")).status).toBe(403);
    const { body } = await get("/nocp/v1/totals?by=tenant", "acme");
    expect(body.groups.map(({ group }: { group: string }) => group)).toEqual(["acme"]);
  });

  test.each(["limit=0", "limit=501", "since=soon", "after=x", "status=good", "colour=red"])(
    "are refused for %s",
    async (query) => {
      const { status, body } = await get(`/nocp/v1/transactions?${query}`);
      expect([status, body.error.param]).toEqual([400, query.split("=")[0]]);
    },
  );
});

describe("totals", () => {
  test("add up all, and say what is not known", async () => {
    const { body } = await get("/nocp/v1/totals");
    expect(body.totals).toMatchObject({ count: 12, failed: 4, cost_usd: 5.5, unknown_cost_count: 1 });
    expect(body.latency.p50_ms).toBeGreaterThan(0);
    expect(body.groups).toBeUndefined();
  });
  test.each([
    ["day", ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06"]],
    ["tenant", ["acme", "beta"]],
    ["model", ["openai/large", "openai/small"]],
    ["tag", [null, "first"]],
  ])("by %s", async (by, expected) => {
    const { body } = await get(`/nocp/v1/totals?by=${by}`);
    expect(body.groups.map(({ group }: { group: string }) => group)).toEqual(expected);
  });
});

test("dead letters are listed without their message, shown with it, sent again and dropped", async () => {
  const root = "/nocp/v1/dead-letters";
  const list = await get(root);
  expect(list.body.data).toEqual([
    expect.objectContaining({ id: "7", request_id: letterId, stage: "assess", error: letter.letter.error, readable: true }),
  ]);
  expect(list.text).not.toContain(letter.letter.payload);
  expect((await get(`${root}/${letterId}`)).body).toMatchObject({ id: "7", body: "secret", headers: { traceparent: "t" } });
  const redriven = await app.call("POST", `${root}/7/redrive`, { as: operator, body: { timeout_ms: 1000 } });
  expect(redriven.body).toMatchObject({ id: "7", request_id: letterId, tenant: "acme" });
  expect((await app.call("DELETE", `${root}/${letterId}`, { as: operator })).status).toBe(200);
  expect(settled).toEqual(["redrive 7", `drop ${letterId}`]);
  for (const [method, path] of [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "/redrive"],
  ] as const)
    expect((await app.call(method, `${root}/8${path}`, { as: operator })).status).toBe(404);
  const wrong = await app.call("POST", `${root}/7/redrive`, { as: operator, body: { timeout_ms: 0 } });
  expect([wrong.status, wrong.body.error.param]).toEqual([400, "timeout_ms"]);
});

test("budgets are set, shown and deleted", async () => {
  const set = (id: string, body: object) => app.call("PUT", `/nocp/v1/budgets/${id}`, { as: operator, body });
  const made = await set("daily", { limit: "5usd/day", scope: { tenant: "*" }, soft: 4 });
  expect(made.body).toEqual({
    ...{ id: "daily", object: "nocp.budget", limit: "5usd/day", scope: { tenant: "*" }, soft: 4, on_soft: "warn" },
    ...{ reset_at: "2026-01-02T00:00:00.000Z", counters: [] },
  });
  await set("daily", { limit: "6usd/day" });
  expect((await get("/nocp/v1/budgets")).body.data).toEqual([expect.objectContaining({ limit: "6usd/day", scope: {} })]);
  for (const [body, param] of [
    [{ limit: "5eur/day" }, "limit"],
    [{ limit: "0usd/day" }, "limit"],
    [{ limit: "5usd/day", soft: 5 }, "soft"],
    [{ limit: "5usd/day", scope: { colour: "red" } }, "scope"],
  ] as const) {
    const refused = await set("wrong", body);
    expect([refused.status, refused.body.error.param.split(".")[0]]).toEqual([400, param]);
  }
  expect((await app.call("DELETE", "/nocp/v1/budgets/daily", { as: operator })).body).toEqual({ id: "daily", deleted: true });
  for (const method of ["GET", "DELETE"] as const)
    expect((await app.call(method, "/nocp/v1/budgets/daily", { as: operator })).status).toBe(404);
});

test("keys are made with their limits, shown once, replaced and deleted", async () => {
  const made = await app.call("POST", "/nocp/v1/keys", {
    as: operator,
    body: { name: "billing", tenant: "acme", models: ["openai/*"], budgets: ["5usd/day"], expires_in_seconds: 60 },
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ name: "billing", tenant: "acme", created_at: start, expires_at: start + 60_000 });
  const { id, key } = made.body;
  expect(key).toMatch(/^nocp_/);
  const list = await get("/nocp/v1/keys");
  expect(list.body.data).toEqual([expect.objectContaining({ id, budgets: ["5usd/day"] })]);
  for (const hidden of [key, digestOfKey(key)]) expect(list.text).not.toContain(hidden);
  const next = await app.call("POST", `/nocp/v1/keys/${id}/rotate`, { as: operator, body: { grace_seconds: 30 } });
  expect(next.body.id).toBe(id);
  expect(next.body.key).not.toBe(key);
  expect(
    (await get("/nocp/v1/tenants")).body.data.map((tenant: { id: string; keys: number }) => [tenant.id, tenant.keys]),
  ).toEqual([
    ["acme", 2],
    ["default", 0],
  ]);
  expect((await app.call("DELETE", `/nocp/v1/keys/${id}`, { as: operator })).body).toEqual({ id, deleted: true });
  expect((await get("/nocp/v1/budgets")).body.data).toEqual([]);
  for (const [method, path] of [
    ["DELETE", ""],
    ["POST", "/rotate"],
  ] as const)
    expect((await app.call(method, `/nocp/v1/keys/${id}${path}`, { as: operator })).status).toBe(404);
  for (const [body, param] of [
    [{}, "name"],
    [{ name: "x", tenant: "a.b" }, "tenant"],
    [{ name: "x", budgets: ["1usd/day", "much"] }, "budgets.1"],
    [{ name: "x", secret: "mine" }, "secret"],
  ] as const) {
    const refused = await app.call("POST", "/nocp/v1/keys", { as: operator, body });
    expect([refused.status, refused.body.error.param]).toEqual([400, param]);
  }
});

test("the benchmark counts requests that found no room as failed", async () => {
  const { body, status } = await app.call("POST", "/nocp/v1/benchmark", { as: operator, body: { requests: 3 } });
  expect(status).toBe(200);
  expect(body).toMatchObject({ requests: 3, failed: 3, latency_ms: null, stage_ms: {} });
});
