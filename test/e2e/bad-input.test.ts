import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { freePort } from "@nocp/cli/deployment/free-port.ts";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { factSubject, resultSubject } from "@nocp/contracts/topology.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { factExamples } from "../fixtures/fact-examples.ts";
import { malformedVariants } from "../fixtures/malformed-variants.ts";
import { type HttpTestServer, startHttpTestServer } from "../servers/http-test-server.ts";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

/** Processes that died while the tests ran. */
const deaths: string[] = [];
let deployment: TestDeployment;
let client: Client;
let broker: Broker;
let oddServer: HttpTestServer;
/** What the model server does next. */
let oddAnswer: "html" | "hang" | "empty" = "html";

beforeAll(async () => {
  oddServer = await startHttpTestServer(({ response }) => {
    if (oddAnswer === "html") response.writeHead(200, { "content-type": "text/html" }).end("<html>It works!</html>");
    if (oddAnswer === "empty") response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  deployment = await startTestDeployment(
    {
      NOCP_TOOLS_DIR: join(import.meta.dirname, "../fixtures/bad-tools"),
      NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${oddServer.url}/v1`,
      NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "odd-model",
      NOCP_PROVIDERS_OPENAI_API_KEY: "test-key",
      NOCP_PROVIDERS_OPENAI_BASE_URL: `http://127.0.0.1:${await freePort()}/v1`,
      NOCP_MESSAGING_MAX_ATTEMPTS: "2",
      NOCP_MESSAGING_RETRY_BASE_MS: "20",
      NOCP_LOG_LEVEL: "error",
    },
    { onDeath: (name) => void deaths.push(name) },
  );
  client = await createClient({ natsUrl: deployment.natsUrl, maxRequestBytes: 1e9 });
  broker = await openTestBroker(deployment.natsUrl);
});

afterAll(async () => {
  await client?.close();
  await broker?.close();
  await deployment?.end();
  await oddServer?.close();
});

const document = { title: "Facts", text: "The bridge was built in 1932. It is red." };
const ask = (request: NocpRequestInput) => client.ask(request, { timeoutMs: 240_000 });

async function askBare(body: string) {
  const requestId = randomUUID();
  const waiting = client.result(requestId, { timeoutMs: 240_000 });
  broker.connection.publish(factSubject("request.submitted", { tenant: "default", lane: "interactive", requestId }), body);
  return waiting;
}

describe("a request that cannot be understood ends in a failed result that says what is wrong", () => {
  test.each([
    ["not JSON", "rubbish", "INVALID_JSON", /not JSON/],
    ["a wrong type", '{"query": 1}', "INVALID_REQUEST", /query/],
    ["an unknown field", '{"query": "q", "qeury": "q"}', "INVALID_REQUEST", /"qeury"/],
    ["a session id with path characters", '{"query": "q", "session": {"id": "../../x"}}', "INVALID_REQUEST", /session\.id/],
  ])("%s", async (_what, body, code, words) => {
    const result = await askBare(body);
    expect(result).toMatchObject({ status: "failed", answer: null, error: { code } });
    expect(result.error?.message).toMatch(words);
    expect(result.error?.advice).toBeTruthy();
  });

  test("a body of 20 MB", async () => {
    const result = await ask({ query: "q", documents: [{ text: "x".repeat(20_000_000) }] });
    expect(result).toMatchObject({ status: "failed", error: { code: "REQUEST_TOO_LARGE" } });
  });

  test("a deadline that has passed", async () => {
    const result = await ask({ query: "q", limits: { deadlineAt: "2020-01-01T00:00:00Z" } });
    expect(result).toMatchObject({ status: "failed", error: { code: "DEADLINE_EXCEEDED" } });
  });
});

describe("a tool that fails leaves a degraded, honest answer", () => {
  test.each([
    ["is unknown", { name: "no.such-tool" }, "UNKNOWN_TOOL"],
    ["gets wrong arguments", { name: "file.read", arguments: { pth: "x" } }, "INVALID_ARGUMENTS"],
    ["reads outside its roots", { name: "file.read", arguments: { path: "../../../etc/passwd" } }, "PATH_NOT_ALLOWED"],
    ["throws", { name: "tool.throws" }, "TOOL_FAILED"],
    ["hangs", { name: "tool.hangs" }, "TOOL_TIMEOUT"],
    ["returns 50 MB", { name: "tool.floods" }, "TOOL_OUTPUT_TOO_LARGE"],
    ["returns 50 MB of bytes", { name: "tool.bytes" }, "TOOL_FAILED"],
    ["throws from a callback", { name: "tool.late" }, "TOOL_FAILED"],
  ])("one that %s", async (_what, tool, code) => {
    const result = await ask({
      query: "When was the bridge built?",
      documents: [document],
      tools: [tool],
      routing: { provider: "extractive" },
    });
    expect(result.status).toBe("degraded");
    expect(result.answer).toContain("1932");
    expect(result.tools[0]?.error?.code).toBe(code);
    expect(result.tools[0]?.error?.message).toBeTruthy();
  });
});

describe("a provider that fails leaves a failed result with every attempt", () => {
  test("one that refuses the connection", async () => {
    const result = await ask({ query: "q", documents: [document], routing: { provider: "openai" } });
    expect(result).toMatchObject({ status: "failed", error: { code: "PROVIDER_UNREACHABLE", stage: "llm-router" } });
    expect(result.attempts.length).toBeGreaterThan(0);
  });

  test.each(["html", "empty"] as const)("one that answers nonsense (%s)", async (answer) => {
    oddAnswer = answer;
    const result = await ask({ query: "q", documents: [document], routing: { provider: "openai-compatible" } });
    expect(result).toMatchObject({ status: "failed", error: { code: "PROVIDER_INVALID_RESPONSE" } });
  });

  test("one that hangs past the deadline", async () => {
    oddAnswer = "hang";
    const result = await ask({
      query: "q",
      documents: [document],
      routing: { provider: "openai-compatible" },
      limits: { timeoutMs: 2000 },
    });
    expect(result).toMatchObject({
      status: "failed",
      error: { code: expect.stringMatching(/DEADLINE_EXCEEDED|PROVIDER_TIMEOUT/) },
    });
  });
});

describe("a message between stages that somebody spoiled", () => {
  /** Every so many of the variants: all of them are tried on the decoder, these on the services. */
  const step = 6;

  test.each(Object.keys(factExamples("")) as (keyof ReturnType<typeof factExamples>)[])(
    "%s is refused at its first attempt, or handled: it never ends in attempts that were used up",
    async (fact) => {
      const titles = new Map<string, string>();
      const outcomes = new Map<string, string>();
      const subscription = broker.connection.subscribe(resultSubject({ tenant: "*", requestId: "*" }), {
        callback: (_error, message) => {
          const requestId = message.subject.split(".").at(-1) ?? "";
          if (titles.has(requestId)) outcomes.set(requestId, message.json<NocpResult>().error?.code ?? "none");
        },
      });
      // The example's own id, which each variant's request replaces.
      const placeholder = randomUUID();
      let index = 0;
      for (const { title, value } of malformedVariants(factExamples(placeholder)[fact])) {
        if (index++ % step > 0) continue;
        const requestId = randomUUID();
        titles.set(requestId, title);
        const body = JSON.stringify(value).replaceAll(placeholder, requestId);
        broker.connection.publish(factSubject(fact, { tenant: "default", lane: "interactive", requestId }), body);
      }
      await waitFor(() => outcomes.size === titles.size, `a result for each of ${titles.size}`);
      subscription.unsubscribe();
      const letters = await client.deadLetters.list(100_000);
      const refused = letters.filter(({ letter }) => titles.has(letter.requestId) && letter.error.code === "INVALID_MESSAGE");
      expect(refused.filter(({ letter }) => letter.attempts !== 1)).toEqual([]);
      expect(refused.length).toBeGreaterThan(titles.size / 2);
      const used = [...outcomes].filter(([, code]) => ["ATTEMPTS_EXHAUSTED", "UNEXPECTED"].includes(code));
      expect(used.map(([requestId, code]) => `${titles.get(requestId)} → ${code}`)).toEqual([]);
    },
  );
});

test("after all that no service has died, and an ordinary request is answered", async () => {
  const result = await ask({ query: "When was the bridge built?", documents: [document], routing: { provider: "extractive" } });
  expect(result).toMatchObject({ status: "succeeded" });
  expect(result.answer).toContain("1932");
  expect(deaths).toEqual([]);
});
