// A model that bills more tokens than were counted: after its first bills, assess counts as it bills.
import { createClient } from "@nocp/client/create-client.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenAiTestServer, startOpenAiTestServer } from "../servers/openai-test-server.ts";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

const trueFactor = 1.23;
const counter = createTokenCounter("gpt-4o");
let server: OpenAiTestServer;
let deployment: TestDeployment;

beforeAll(async () => {
  server = await startOpenAiTestServer();
  server.answerChat(() => "An answer.");
  server.billPrompt((text) => Math.round(trueFactor * counter.count(text)));
  deployment = await startTestDeployment({
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: server.baseUrl,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "unheard-of-7b",
  });
});

afterAll(async () => {
  await deployment?.end();
  await server?.close();
});

test("the count of a prompt comes within 5 % of the bill", async () => {
  const client = await createClient({ natsUrl: deployment.natsUrl });
  const text = "The harbour was dredged again, and nobody in town knew why. ".repeat(40);
  const errors: number[] = [];
  const giveUpAt = Date.now() + 240_000;
  do {
    const query = `What happened in year ${1900 + errors.length}?`;
    const routing = { provider: "openai-compatible", model: "unheard-of-7b" };
    const { usage, tokens } = await client.ask({ query, documents: [{ text }], routing }, { timeoutMs: 240_000 });
    errors.push(tokens.input.optimized / (usage?.inputTokens ?? 0) - 1);
    await new Promise((resolve) => setTimeout(resolve, 250));
  } while (Math.abs(errors.at(-1) ?? 1) > 0.05 && Date.now() < giveUpAt);
  await client.close();
  expect(errors[0]).toBeLessThan(-0.1);
  expect(Math.abs(errors.at(-1) ?? 1)).toBeLessThanOrEqual(0.05);
});
