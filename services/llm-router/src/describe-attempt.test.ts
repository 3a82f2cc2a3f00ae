import type { ProviderCall, ProviderCompletion } from "@nocp/models/provider.ts";
import { expect, test } from "vitest";
import { fakeContext, optimizedMessage, scriptedProvider, vendorError } from "../../../test/fixtures/llm-router-fixtures.ts";
import { routerOf } from "../../../test/fixtures/llm-router-handler.ts";

test("spans carry the GenAI attributes and no content", async () => {
  const context = fakeContext();
  const { handle } = routerOf([scriptedProvider("first", [{ model: "first-2026" }])]);
  await handle(optimizedMessage({ query: "the secret question", routing: { temperature: 0.5 }, session: { id: "s1" } }), context);
  const { attributes } = context.spans[0]!;
  expect(attributes).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "first",
    "gen_ai.request.model": "first-model",
    "gen_ai.request.temperature": 0.5,
    "gen_ai.response.model": "first-2026",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 400,
    "gen_ai.usage.output_tokens": 2,
    "gen_ai.conversation.id": "s1",
  });
  expect(JSON.stringify(attributes)).not.toContain("Paris");
  const formerNames = ["gen_ai.system", "gen_ai.usage.prompt_tokens", "gen_ai.usage.cache_creation.input_tokens"];
  for (const name of formerNames) expect(attributes).not.toHaveProperty([name]);
});

test.each([
  ["an answer", "https://api.first.example/v1", "api.first.example", 443, undefined],
  ["a failed call", "http://[::1]:8000/v1", "::1", 8000, vendorError(401)],
])("spans name %s and its server", async (_what, serverUrl, address, port, error) => {
  const script = async (call: ProviderCall): Promise<ProviderCompletion> => {
    call.progress!.id = "chatcmpl-7";
    if (error) throw error;
    return { text: "Paris", finishReason: "stop", usage: null, model: call.model, toolRequests: [] };
  };
  const context = fakeContext();
  const { handle } = routerOf([scriptedProvider("first", [script], { serverUrl })]);
  await (handle(optimizedMessage({}), context) as Promise<unknown>).catch(() => undefined);
  expect(context.spans[0]!.attributes).toMatchObject({
    "gen_ai.response.id": "chatcmpl-7",
    "server.address": address,
    "server.port": port,
  });
});

test("spans have the attributes' former names, too, where they are asked for", async () => {
  const context = fakeContext();
  const { handle } = routerOf([scriptedProvider("first", [{}])], {}, { formerNames: true });
  await handle(optimizedMessage({}), context);
  expect(context.spans[0]!.attributes).toMatchObject({
    "gen_ai.system": "first",
    "gen_ai.provider.name": "first",
    "gen_ai.usage.prompt_tokens": 400,
    "gen_ai.usage.input_tokens": 400,
    "gen_ai.usage.completion_tokens": 2,
    "gen_ai.usage.cache_creation.input_tokens": 0,
  });
});
