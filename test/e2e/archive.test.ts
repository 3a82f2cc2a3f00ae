// A model that is given a shortened context fetches the rest of it, and a person does so later on the command line.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpTestServer, startHttpTestServer } from "../servers/http-test-server.ts";
import { projectRoot, startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

let deployment: TestDeployment;
let client: Client;
let modelServer: HttpTestServer;
/** What the model was sent, call by call. */
const seen: ChatRequest[] = [];

/** A model that finds a reference in its context, fetches what it stands for, and answers with what it got. */
function answerOf({ messages, tools = [] }: ChatRequest): object {
  const fetched = messages.findLast(({ role }) => role === "tool")?.content;
  if (fetched !== undefined) return { content: fetched.includes("vault code is 7731-QX") ? "7731-QX" : "It does not say." };
  const ref = /\[shortened: context\.retrieve ([a-z]{10})\]/.exec(messages.map(({ content }) => content).join("\n"))?.[1];
  const call = { name: tools[0]?.function.name, arguments: JSON.stringify({ ref: `${ref}.1`, maxBytes: 100_000 }) };
  return { content: "", tool_calls: [{ id: "call-1", type: "function", function: call }] };
}

beforeAll(async () => {
  modelServer = await startHttpTestServer(({ response, body: sent }) => {
    const body = JSON.parse(sent.toString("utf8")) as ChatRequest;
    seen.push(body);
    const choice = { index: 0, message: { role: "assistant", ...answerOf(body) }, finish_reason: "stop" };
    const usage = { prompt_tokens: 100, completion_tokens: 8, total_tokens: 108 };
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ id: "c", object: "chat.completion", created: 0, model: "test-model", choices: [choice], usage }));
  });
  deployment = await startTestDeployment({
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${modelServer.url}/v1`,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "test-model",
    NOCP_LOG_LEVEL: "error",
  });
  client = await createClient({ natsUrl: deployment.natsUrl });
});

afterAll(async () => {
  await client?.close();
  await deployment?.end();
  await modelServer?.close();
});

test("what compression removed is fetched by the model through act, and by ./nocp archive get", async () => {
  const sentences = Array.from({ length: 150 }, (_, at) => `Paragraph ${at} of the report concerns budget line ${at * 11}.`);
  const text = sentences.toSpliced(77, 0, "The vault code is 7731-QX.").join(" ");
  const result = await client.ask(
    {
      query: "What does paragraph 12 of the report concern, and which budget line?",
      documents: [{ title: "Report", text }],
      offerTools: ["context.retrieve"],
      compression: { targetRatio: 0.1 },
      routing: { provider: "openai-compatible" },
      session: { id: "s-1" },
      tenant: "acme",
    },
    { timeoutMs: 240_000 },
  );
  expect(result).toMatchObject({ status: "succeeded", answer: "7731-QX", error: null });
  expect(seen).toHaveLength(2);
  expect(JSON.stringify(seen[0])).not.toContain("7731-QX");
  expect(result.tools.map(({ name, status }) => [name, status])).toEqual([["context.retrieve", "succeeded"]]);
  const archived = result.archived[0];
  expect(archived).toMatchObject({ sha256: createHash("sha256").update(text).digest("hex"), bytes: Buffer.byteLength(text) });

  const nocp = (...args: string[]) =>
    promisify(execFile)(process.execPath, [
      join(projectRoot, "cli/src/main.ts"),
      "archive",
      ...args,
      "--nats-url",
      deployment.natsUrl,
    ]);
  expect((await nocp("get", archived?.ref ?? "")).stdout).toBe(text);
  expect((await nocp("get", archived?.ref ?? "", "--tenant", "acme", "--session", "s-1")).stdout).toBe(text);
  expect(JSON.parse((await nocp("list", "--json")).stdout)).toMatchObject([
    { ref: archived?.ref.split(".")[0], scope: { tenant: "acme", kind: "session", id: "s-1" }, items: 1 },
  ]);
  await expect(nocp("get", archived?.ref ?? "", "--tenant", "other")).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^nocp: [a-z]{10} belongs to another tenant.*\(ARCHIVE_REFUSED\)\n$/),
  });
  await expect(nocp("get", "aaaaaaaaaa.1")).rejects.toMatchObject({
    code: 4,
    stderr: expect.stringContaining("ARCHIVE_MISSING"),
  });
});
