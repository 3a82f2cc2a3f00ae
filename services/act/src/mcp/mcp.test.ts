import { createSchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { describe, expect, test } from "vitest";
import { actTestContext } from "../../../../test/fixtures/act-test-tool.ts";
import { actSection } from "../config.ts";
import { createCheckedFetch } from "./checked-fetch.ts";
import { type McpCall, mcpTool } from "./mcp-tool.ts";
import { enabledServers, withVariables } from "./server-settings.ts";
import { dataOf } from "./tool-content.ts";

describe("the setting of MCP servers", () => {
  const problemOf = (servers: unknown) => actSection.settings.mcpServers.schema.safeParse(servers).error?.issues[0]?.message;

  test("has the form that other MCP clients write", () => {
    const servers = {
      files: { type: "stdio", command: "npx", args: ["-y", "server"], env: { A: "b" } },
      web: { type: "http", url: "https://example.com/mcp", headers: { authorization: `Bearer \${KEY}` } },
      off: { command: "x", disabled: true },
    };
    expect(problemOf(servers)).toBeUndefined();
    expect([...enabledServers(servers).keys()]).toEqual(["files", "web"]);
    expect(defaultsOf(actSection).mcpServers).toEqual({});
  });

  test.each([
    [{ Weather: { command: "x" } }, /^Weather: the name must be lower case/],
    [{ file: { command: "x" } }, /^file: NOCP's own tools have this name/],
    [{ a: {} }, /^a: .*needs a command or a url/],
    [{ a: { command: "x", url: "https://example.com" } }, /^a: .*and not both/],
    [{ a: { command: "x", arguments: [] } }, /^a: .*arguments/],
  ])("names the server that is wrong: %#", (servers, says) => {
    expect(problemOf(servers)).toMatch(says);
  });

  test("takes variables from the environment, and a default where there is none", () => {
    const [settings] = enabledServers({
      a: { url: `https://\${HOST:-example.com}/mcp`, headers: { k: `Bearer \${KEY}` } },
    }).values();
    const expanded = withVariables(settings!, { KEY: "secret" });
    expect(expanded).toMatchObject({ url: "https://example.com/mcp", headers: { k: "Bearer secret" } });
    expect(() => withVariables(settings!, {})).toThrow(/no variable KEY/);
    expect(() => withVariables({ ...settings!, url: "ftp://example.com", headers: {} }, {})).toThrow(/http or https/);
  });
});

describe("the address of a server", () => {
  const fetchOf = (url: string, allowPrivate: boolean, httpAllowPrivate: string[] = []) =>
    createCheckedFetch({ url: new URL(url), allowPrivate, httpAllowPrivate, maxBytes: 1000 }, async () => [
      { address: "127.0.0.1", family: 4 },
    ]);
  const failure = async (checked: ReturnType<typeof fetchOf>, url: string): Promise<string> => {
    const error: unknown = await checked.fetch(url, { method: "POST" }).then(
      () => "none",
      (thrown: unknown) => thrown,
    );
    await checked.close();
    return String(error);
  };

  test("may not turn out to be private, unless the settings say so", async () => {
    const url = "http://mcp.example.com:2/mcp";
    expect(await failure(fetchOf(url, false), url)).toMatch(/mcp\.example\.com has a private address/);
    expect(await failure(fetchOf(url, true), url)).toMatch(/could not be reached/);
    expect(await failure(fetchOf(url, false, ["*.example.com"]), url)).toMatch(/could not be reached/);
  });

  test("may be private where the settings name it so", async () => {
    expect(await failure(fetchOf("http://127.0.0.1:2/mcp", false), "http://127.0.0.1:2/mcp")).toMatch(/could not be reached/);
    expect(await failure(fetchOf("http://localhost:2/mcp", false), "http://localhost:2/mcp")).toMatch(/could not be reached/);
  });

  test("is the only one that is called", async () => {
    expect(await failure(fetchOf("http://localhost:2/mcp", true), "http://localhost:3/mcp")).toMatch(/redirects to localhost:3/);
  });
});

describe("a tool", () => {
  const schemas = createSchemaValidator({ maxBytes: 10_000, cacheSize: 10, timeoutMs: 1000 });
  const calls: McpCall[] = [];
  const adopt = (listed: object) =>
    mcpTool({ name: "look", inputSchema: { type: "object" }, ...listed } as never, {
      server: "eye",
      timeoutMs: 1000,
      schemas,
      call: async (call) => {
        calls.push(call);
        return { content: [] };
      },
    });

  test("is told the trace it belongs to", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await adopt({}).run({ id: 12345678901234567890n }, { ...actTestContext({}), traceparent } as never);
    expect(calls.at(-1)).toMatchObject({ name: "look", meta: { traceparent, "nocp/call-key": "request/0/call-1" } });
    expect(JSON.stringify(calls.at(-1)?.arguments)).toBe('{"id":12345678901234567890}');
  });

  test("is tried again only where running it twice does no harm", () => {
    expect(adopt({}).maxAttempts).toBe(1);
    expect(adopt({ annotations: { idempotentHint: true } }).maxAttempts).toBe(2);
    expect(adopt({ annotations: { readOnlyHint: true, destructiveHint: false } }).idempotent).toBe(true);
  });

  test.each([
    ["a schema that is none", { inputSchema: { type: "object", properties: 3 } }],
    ["a schema that is too large", { inputSchema: { type: "object", description: "x".repeat(10_001) } }],
    ["a name that is too long", { name: "x".repeat(128) }],
  ])("is not offered with %s", (_case, listed) => {
    expect(() => adopt(listed)).toThrow(/cannot be offered/);
  });
});

test.each([
  [{ content: [{ type: "text", text: '{"a":12345678901234567890}' }] }, { a: "12345678901234567890" }],
  [{ content: [{ type: "text", text: "[not JSON" }] }, "[not JSON"],
  [
    {
      content: [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    },
    "a\n\nb",
  ],
  [{ content: [{ type: "text", text: "{}" }], structuredContent: { a: 1 } }, { a: 1 }],
  [{ content: [{ type: "resource", resource: { uri: "file:///a", text: "inside" } }] }, "inside"],
  [{ content: [{ type: "resource_link", uri: "file:///a", name: "a" }] }, { type: "resource_link", uri: "file:///a", name: "a" }],
])("content becomes data: %#", (result, data) => {
  expect(dataOf(result as never)).toEqual(data);
});
