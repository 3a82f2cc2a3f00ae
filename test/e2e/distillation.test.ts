// A distillation model configured by settings alone: what it writes becomes the context, and its call is in the result. The distillation model is a test server.
import { createClient } from "@nocp/client/create-client.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenAiTestServer, startOpenAiTestServer } from "../servers/openai-test-server.ts";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

let server: OpenAiTestServer;
let deployment: TestDeployment;

beforeAll(async () => {
  server = await startOpenAiTestServer();
  server.answerChat(() => "The Morvan Bridge cost 4,500 crowns.");
  deployment = await startTestDeployment({
    NOCP_ASSESS_DISTILLER_BASE_URL: server.baseUrl,
    NOCP_ASSESS_DISTILLER_MODEL: "tiny-model",
  });
});

afterAll(async () => {
  await deployment?.end();
  await server?.close();
});

test("a request that names distillation is answered from what the distillation model wrote, with its call on the bill", async () => {
  const filler = Array.from({ length: 150 }, (_, at) => `Sentence ${at} tells of bridges and of nothing else.`).join(" ");
  const client = await createClient({ natsUrl: deployment.natsUrl });
  const result = await client.ask(
    {
      query: "What did the Morvan Bridge cost?",
      documents: [{ title: "Bridges", text: `The Morvan Bridge cost 4,500 crowns. ${filler}` }],
      compression: { targetRatio: 0.2, strategies: ["distillation"] },
    },
    { timeoutMs: 240_000 },
  );
  await client.close();
  expect(result.status).toBe("succeeded");
  expect(result.answer).toContain("4,500");
  expect(result.strategies).toMatchObject([{ strategy: "distillation", worth: { unit: "usd" } }]);
  expect(result.attempts).toMatchObject([{ provider: "distiller", model: "tiny-model", purpose: "compression" }, {}]);
  expect(server.requests).toHaveLength(1);
});
