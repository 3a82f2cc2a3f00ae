// What POST /v1/embeddings puts on the bill when its provider fails, or is not waited for.
import type { NocpResult } from "@nocp/contracts/result.ts";
import { embeddingRoutes } from "@nocp/gateway/embeddings/embedding-routes.ts";
import { expect, test } from "vitest";
import { createRoutesApp } from "../fixtures/gateway-routes.ts";

function appWith(...answers: (() => Response | Promise<Response>)[]) {
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
