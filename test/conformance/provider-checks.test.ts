// The health check of each vendor: one GET with the key, of which nothing is billed and nothing is read.
import { afterEach, expect, test } from "vitest";
import { installedProviders } from "../fixtures/llm-router-fixtures.ts";
import { type HttpTestServer, startHttpTestServer } from "../servers/http-test-server.ts";

const servers: HttpTestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

test.each([
  ["openai", "apiKey", "/v1", "GET /v1/models"],
  ["openai-compatible", "apiKey", "/v1", "GET /v1/models"],
  ["anthropic", "apiKey", "", "GET /v1/models?limit=1"],
  ["gemini", "apiKey", "", "GET /v1beta/models?pageSize=1"],
])("%s is asked for its models", async (name, key, path, line) => {
  const seen: { line: string; hasKey: boolean }[] = [];
  const answers = [200, 503];
  const server = await startHttpTestServer(({ request, response }) => {
    const { authorization = "", "x-api-key": anthropic, "x-goog-api-key": google } = request.headers;
    const hasKey = [authorization.replace("Bearer ", ""), anthropic, google].includes("sk-check");
    seen.push({ line: `${request.method} ${request.url}`, hasKey });
    response.writeHead(answers[seen.length - 1] ?? 500, { "content-type": "application/json" }).end("{}");
  });
  servers.push(server);
  const settings = { [`providers.${name}.${key}`]: "sk-check", [`providers.${name}.baseUrl`]: `${server.url}${path}` };
  const installed = installedProviders(settings).find((provider) => provider.name === name)!;
  const provider = await installed.provider();
  await provider.check!(AbortSignal.timeout(60_000));
  expect(seen).toEqual([{ line, hasKey: true }]);
  await expect(provider.check!(AbortSignal.timeout(60_000))).rejects.toMatchObject({ status: 503 });
  expect(seen).toHaveLength(2);
});
