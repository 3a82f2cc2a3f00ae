// NOCP as an MCP server: over HTTP with keys, and as the program that an agent starts. The client is the official SDK's.
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

const key = "a-key-of-the-test";
const gateway = useGatewayDeployment(() => ({ NOCP_GATEWAY_API_KEY: key }));
beforeEach(() => gateway.vendor.answer(() => ({ text: ["It is 20 MB."] })));

const overHttp = (apiKey: string): Transport =>
  new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${apiKey}` } },
  });
const asProgram = (): Transport =>
  new StdioClientTransport({
    command: process.execPath,
    args: [join(projectRoot, "cli/src/main.ts"), "mcp", "--nats-url", gateway.deployment.natsUrl],
    env: { NOCP_OBSERVABILITY_DATABASE_FILE: join(gateway.deployment.folder, "transactions.sqlite") },
    stderr: "ignore",
  });
const ways: readonly [name: string, mode: "auto" | "legacy", open: () => Transport][] = [
  ["HTTP, without sessions", "auto", () => overHttp(key)],
  ["HTTP, an older client", "legacy", () => overHttp(key)],
  ["stdin and stdout", "auto", asProgram],
];
const noise = Array.from({ length: 400 }, (_, at) => `Entry ${at} is about the colour ${at % 7} of the logo and nothing else.`);
const texts = [{ title: "Notes", text: `${noise.join(" ")} The limit for uploads is 20 MB. ${noise.join(" ")}` }];

describe.each(ways)("over %s", (_name, mode, open) => {
  let client: Client;
  beforeAll(async () => {
    client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    await client.connect(open(), { timeout: 60_000 });
  });
  afterAll(() => client.close());
  const call = async (name: string, input: Record<string, unknown>) => {
    const { structuredContent, isError, content } = await client.callTool({ name, arguments: input }, { timeout: 120_000 });
    return { isError: isError ?? false, data: structuredContent as Record<string, unknown>, text: JSON.stringify(content) };
  };

  test("there are four tools", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(["ask", "compress", "retrieve", "usage"]);
  });

  test("texts are shortened, and what was removed comes back", async () => {
    const { data } = await call("compress", { texts, question: "What is the limit for uploads?", target_ratio: 0.2 });
    expect(data.text).toContain("20 MB");
    expect(Number(data.tokens_after)).toBeLessThan(Number(data.tokens_before) / 2);
    const fetched = await call("retrieve", { reference: data.reference });
    expect(fetched.data).toMatchObject({ originals: [{ title: "Notes", text: texts[0]?.text }] });
    expect(await call("retrieve", { reference: "aaaaaaaaaa" })).toMatchObject({
      isError: true,
      text: expect.stringContaining("ARCHIVE_MISSING"),
    });
  });

  test("a question is answered, with its bill", async () => {
    const { data } = await call("ask", { question: "What is the limit for uploads?", documents: [{ text: "Uploads: 20 MB." }] });
    expect(data).toMatchObject({ answer: "It is 20 MB.", status: "succeeded", provider: "openai-compatible" });
    // The transaction is written behind the answer.
    await expect
      .poll(async () => Number((await call("usage", {})).data?.requests ?? 0), { timeout: 60_000, interval: 250 })
      .toBeGreaterThan(0);
  });

  test("arguments that are wrong are refused", async () => {
    const refused = await call("compress", { texts: "none" }).catch((error: Error) => ({ isError: true, text: error.message }));
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining("texts") });
  });
});

test("without the key nothing is answered", async () => {
  for (const wrong of ["", "another"]) {
    const response = await fetch(`${gateway.url}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(wrong === "" ? {} : { authorization: `Bearer ${wrong}` }) },
      body: "{}",
    });
    expect(response.status).toBe(401);
  }
});
