// A model that calls tools of both kinds, through each API: NOCP's own, one of an MCP server, and the client's.
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

const mcpServers = { helper: { command: process.execPath, args: [join(projectRoot, "test/servers/mcp-stdio-server.ts")] } };
const gateway = useGatewayDeployment(() => ({
  NOCP_ACT_MCP_SERVERS: JSON.stringify(mcpServers),
  NOCP_ACT_MCP_CONNECT_TIMEOUT_MS: "60000",
  NOCP_GATEWAY_TOOLS: "helper.*,file.read",
}));
let openai: OpenAI;
let anthropic: Anthropic;
beforeAll(() => {
  const defaultHeaders = { "x-nocp-tools": "helper.add,file.read" };
  openai = new OpenAI({ apiKey: "any", baseURL: `${gateway.url}/v1`, maxRetries: 0, defaultHeaders });
  anthropic = new Anthropic({ apiKey: "any", baseURL: gateway.url, maxRetries: 0, defaultHeaders });
});

const model = "openai-compatible/scripted-1";
const question = "Is the sum of 1 and 2 the temperature in Oslo?";
const schema = { type: "object" as const, properties: { city: { type: "string" as const } }, required: ["city"] };

interface SentMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string } }[];
  readonly tool_call_id?: string;
}
const sentMessages = (): readonly SentMessage[] => (gateway.vendor.calls.at(-1)?.body.messages ?? []) as SentMessage[];
const hasResult = (body: Readonly<Record<string, unknown>>, text: string): boolean =>
  (body.messages as SentMessage[]).some(({ role, content }) => role === "tool" && String(content).includes(text));

/** Looks twice by itself, the second time with the client's help: alone first, then both kinds at once, then the answer. */
beforeEach(() =>
  gateway.vendor.answer((body) => {
    const offered = (body.tools as { function: { name: string } }[]).map(({ function: { name } }) => name);
    const own = offered.find((name) => name.startsWith("helper"))!;
    const call = (id: string, name: string, input: object) => ({ id, name, arguments: JSON.stringify(input) });
    if (hasResult(body, "3 degrees")) return { text: ["Yes, it is."] };
    if (hasResult(body, '"sum":10') || hasResult(body, "sum: 10")) {
      return { text: ["Both."], toolCalls: [call("call_1", own, { a: 1, b: 2 }), call("call_1", "weather", { city: "Oslo" })] };
    }
    return { text: ["I begin."], toolCalls: [call("call_1", own, { a: 4, b: 6 })] };
  }),
);

/** Of the last call of the model: everything it was told since the question. */
function expectWholeConversation(): void {
  const messages = sentMessages();
  const asked = messages.flatMap(({ tool_calls = [] }) => tool_calls);
  expect(asked.map(({ function: { name } }) => name.replace(/\W/g, "_"))).toEqual(["helper_add", "helper_add", "weather"]);
  const answered = messages.flatMap(({ tool_call_id }) => tool_call_id ?? []);
  expect(new Set(answered)).toEqual(new Set(asked.map(({ id }) => id)));
  expect(answered).toHaveLength(3);
}

describe.each(["buffered", "streamed"] as const)("Chat Completions, %s", (kind) => {
  test("the client sees its own call, and the model everything", async () => {
    const tools = [{ type: "function" as const, function: { name: "weather", parameters: schema } }];
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: question }];
    const ask = async () => {
      if (kind === "buffered") return (await openai.chat.completions.create({ model, messages, tools })).choices[0]!;
      const stream = openai.chat.completions.stream({ model, messages, tools });
      return (await stream.finalChatCompletion()).choices[0]!;
    };
    const asked = await ask();
    expect(asked).toMatchObject({ finish_reason: "tool_calls", message: { content: "Both." } });
    const calls = asked.message.tool_calls ?? [];
    expect(calls.map((call) => call.type === "function" && call.function.name)).toEqual(["weather"]);
    messages.push(asked.message, { role: "tool", tool_call_id: calls[0]!.id, content: "3 degrees" });
    expect((await ask()).message.content).toBe("Yes, it is.");
    expectWholeConversation();
  });
});

describe.each(["buffered", "streamed"] as const)("Messages, %s", (kind) => {
  test("the client sees its own call, and the model everything", async () => {
    const tools = [{ name: "weather", input_schema: schema }];
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: question }];
    const ask = async () => {
      const body = { model, messages, tools, max_tokens: 100 };
      return kind === "buffered" ? anthropic.messages.create(body) : anthropic.messages.stream(body).finalMessage();
    };
    const asked = await ask();
    expect(asked.stop_reason).toBe("tool_use");
    const calls = asked.content.filter((block) => block.type === "tool_use");
    expect(calls.map(({ name, input }) => [name, input])).toEqual([["weather", { city: "Oslo" }]]);
    messages.push(
      { role: "assistant", content: asked.content },
      { role: "user", content: [{ type: "tool_result", tool_use_id: calls[0]!.id, content: "3 degrees" }] },
    );
    expect((await ask()).content).toMatchObject([{ type: "text", text: "Yes, it is." }]);
    expectWholeConversation();
  });
});

describe.each(["buffered", "streamed"] as const)("Responses, %s", (kind) => {
  test("the client sees its own call, and the model everything, also after a response that NOCP keeps", async () => {
    const tools = [{ type: "function" as const, name: "weather", parameters: schema, strict: false }];
    const ask = async (input: OpenAI.Responses.ResponseInput, previous?: string) => {
      const body = { model, input, tools, ...(previous === undefined ? {} : { previous_response_id: previous }) };
      return kind === "buffered" ? openai.responses.create(body) : openai.responses.stream(body).finalResponse();
    };
    const asked = await ask([{ role: "user", content: question }]);
    const calls = asked.output.flatMap((item) => (item.type === "function_call" ? [item] : []));
    expect(calls.map(({ name }) => name)).toEqual(["weather"]);
    const answer = { type: "function_call_output" as const, call_id: calls[0]!.call_id, output: "3 degrees" };
    const answered = await ask([answer], asked.id);
    expect(answered.output_text).toBe("Yes, it is.");
    expectWholeConversation();
  });
});

describe("tools of NOCP", () => {
  const messages = [{ role: "user" as const, content: question }];

  test("run although the client has none, and nothing of what was said before them is an answer", async () => {
    gateway.vendor.answer((body) => {
      const [own] = (body.tools as { function: { name: string } }[]).map(({ function: { name } }) => name);
      if (hasResult(body, "sum")) return { text: ["It is 10."] };
      return { text: ["I begin."], toolCalls: [{ id: "c", name: own!, arguments: '{"a":4,"b":6}' }] };
    });
    const stream = await openai.chat.completions.create({ model, messages, stream: true });
    let text = "";
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
    expect(text).toBe("It is 10.");
  });

  test("may be offered only where the settings allow it", async () => {
    const ask = (tools: string) => openai.chat.completions.create({ model, messages }, { headers: { "x-nocp-tools": tools } });
    await expect(ask("sql.query")).rejects.toThrow(/gateway\.tools does not allow sql\.query/);
    gateway.vendor.answer(() => ({ text: ["Fine."] }));
    expect((await ask("helper.*")).choices[0]?.message.content).toBe("Fine.");
  });
});

describe("tools that are held back", () => {
  const nouns = ["invoice", "customer", "shipment", "warehouse", "coupon", "webhook", "supplier", "refund"];
  const names = nouns.flatMap((noun) => [`create_${noun}`, `delete_${noun}`]);
  const tools = names.map((name) => ({ type: "function" as const, function: { name, parameters: schema } }));
  const namesOf = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): string[] =>
    (body.tools as { function: { name: string } }[]).map((tool) => tool.function.name);

  test("are offered when the model asks for them, and stay where they are in the client's next call", async () => {
    gateway.vendor.answer((body) => {
      const offered = namesOf({ body });
      const call = (id: string, name: string, input: object) => ({ id, name, arguments: JSON.stringify(input) });
      if (hasResult(body, "gone")) return { text: ["Done."] };
      if (offered.includes("delete_webhook")) return { text: [], toolCalls: [call("b", "delete_webhook", { city: "Oslo" })] };
      const loader = offered.find((name) => name.startsWith("tools"))!;
      return { text: ["I look."], toolCalls: [call("a", loader, { names: ["delete_webhook"] })] };
    });
    const before = gateway.vendor.calls.length;
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "Create an invoice for a new customer." }];
    const ask = async () => {
      const headers = { "x-nocp-tools": "", "x-nocp-tool-definitions": "selected" };
      return (await openai.chat.completions.create({ model, messages, tools }, { headers })).choices[0]!.message;
    };
    const asked = await ask();
    expect(asked.tool_calls).toMatchObject([{ function: { name: "delete_webhook" } }]);
    messages.push(asked, { role: "tool", tool_call_id: asked.tool_calls![0]!.id, content: "gone" });
    expect((await ask()).content).toBe("Done.");
    const [first = [], second, third] = gateway.vendor.calls.slice(before).map(namesOf);
    expect(first.length).toBeLessThan(names.length);
    expect(first).toEqual(expect.arrayContaining(["create_invoice", "create_customer"]));
    expect(second).toEqual([...first, "delete_webhook"]);
    expect(third).toEqual(second);
  });
});
