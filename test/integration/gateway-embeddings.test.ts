// What POST /v1/embeddings puts on the bill when its provider fails, or is not waited for.
import type { NocpResult } from "@nocp/contracts/result.ts";
import { createEmbeddingReservation, type ReserveEmbedding } from "@nocp/gateway/embeddings/embedding-budget.ts";
import { embeddingRoutes } from "@nocp/gateway/embeddings/embedding-routes.ts";
import { expect, test } from "vitest";
import { createRoutesApp } from "../fixtures/gateway-routes.ts";
import { budgetOf, localBudgets } from "../fixtures/local-budgets.ts";

const allowed: ReserveEmbedding = async () => () => undefined;

function appWith(...answers: (() => Response | Promise<Response>)[]) {
  return appWithin(allowed, ...answers);
}

function appWithin(reserve: ReserveEmbedding, ...answers: (() => Response | Promise<Response>)[]) {
  const bill: NocpResult[] = [];
  const app = createRoutesApp([
    embeddingRoutes({
      providers: new Map([
        [
          "openai",
          { name: "openai", baseUrl: "https://a.example/v1", apiKey: "k", pricing: { kind: "table", vendor: "openai" } },
        ],
      ]),
      settings: { embeddings: "auto", timeoutMs: 60_000 },
      fetch: async () => (await answers.shift()?.()) ?? Response.error(),
      now: Date.now,
      logger: { warn: () => undefined },
      reserve,
      record: async (result) => void bill.push(result),
    }),
  ]);
  const embed = (body: object = {}) =>
    app.call("POST", "/v1/embeddings", { as: "ann", body: { model: "text-embedding-3-small", input: "a", ...body } });
  return { bill, embed };
}
const vectors = () => Response.json({ data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 1_000_000 } });

test("a call has its price, and its tenant", async () => {
  const { bill, embed } = appWith(vectors);
  expect((await embed()).status).toBe(200);
  expect(bill).toMatchObject([{ tenant: "ann", status: "succeeded", provider: "openai", usage: { inputTokens: 1_000_000 } }]);
  expect(bill[0]?.cost.usd).toBeGreaterThan(0);
});

test("a call that failed before is on the same bill: free where the provider refused it, else unknown", async () => {
  const refused = appWith(() => new Response("", { status: 503 }), vectors);
  expect((await refused.embed()).status).toBe(200);
  expect(refused.bill[0]?.attempts).toMatchObject([{ outcome: "failed", costUsd: 0 }, { outcome: "succeeded" }]);
  const unusable = appWith(() => Response.json({ data: [] }));
  const { status, body } = await unusable.embed();
  expect([status, body.error.code]).toEqual([502, "provider_invalid_response"]);
  expect(unusable.bill).toMatchObject([{ status: "failed", cost: { usd: null }, error: { code: "PROVIDER_INVALID_RESPONSE" } }]);
});

test("what the provider refuses is passed on with a status of its own", async () => {
  const refusals: [number, number][] = [
    [400, 400],
    [401, 502],
    [429, 429],
  ];
  for (const [theirs, ours] of refusals) {
    const refuse = () => new Response("", { status: theirs });
    expect((await appWith(refuse, refuse).embed()).status).toBe(ours);
  }
});

test("a call is counted in the budgets of its tenant, and refused when they have no room", async () => {
  const { budgets, spent } = await localBudgets([budgetOf({ scope: { tenant: "*" }, unit: "tokens", limit: 1_000_003 })]);
  const reserve = createEmbeddingReservation(budgets, Date.now, () => 0);
  const { embed, bill } = appWithin(reserve, vectors, vectors);
  expect((await embed()).status).toBe(200);
  expect(await spent()).toEqual({ ann: 1_000_000 });
  const refused = await embed({ input: "abcdef" });
  expect([refused.status, refused.body.error.code]).toEqual([429, "budget_exhausted"]);
  expect(bill).toHaveLength(1);
});

test("a call waits for those that hold what is left of a budget, and is refused when they have spent it", async () => {
  const { budgets } = await localBudgets([budgetOf({ unit: "requests", limit: 2 })]);
  const reserve = createEmbeddingReservation(budgets, Date.now, () => 0);
  const held = { payer: { tenant: "ann", key: undefined, tags: [] }, candidate: { provider: "openai", model: "m" } };
  const signal = new AbortController().signal;
  const embedding = { ...held, mostTokens: 1, worstCaseUsd: 0, maxCostUsd: undefined, deadlineAt: Date.now() + 300_000 };
  const settle = await Promise.all([reserve(embedding, signal), reserve(embedding, signal)]);
  const third = reserve(embedding, signal);
  settle[0]([]);
  settle[1]([]);
  await expect(third).rejects.toMatchObject({ code: "BUDGET_EXHAUSTED" });
});

test("a call that may cost more than its cap is not made", async () => {
  const { budgets } = await localBudgets([]);
  const { embed, bill } = appWithin(createEmbeddingReservation(budgets, Date.now, () => 0));
  const { status, body } = await embed({ input: "a".repeat(1_000), nocp: { max_cost_usd: 1e-9 } });
  expect([status, body.error.code]).toEqual([402, "cost_cap_exceeded"]);
  expect(bill).toEqual([]);
});
