// Requests as coding agents send them, shortened: what Claude Code and Codex say beside the conversation must not be refused, and
// must reach the vendor that knows it.
import { createHash } from "node:crypto";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { useVendorsDeployment } from "../fixtures/vendors-deployment.ts";
import { spoken } from "../servers/responses-vendor.ts";

type Json = Readonly<Record<string, unknown>>;

const gateway = useVendorsDeployment();
beforeEach(() => {
  gateway.openai.answer(() => [spoken("Hello there.")]);
  gateway.anthropic.answer(() => ({ blocks: [{ type: "text", text: "Hello." }] }));
  gateway.vendor.answer(() => ({ text: ["Hello."] }));
});

const other = "openai-compatible/scripted-1";

async function send(path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${gateway.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer any", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The data of each event. */
const eventsIn = (text: string): Json[] =>
  text.split("\n").flatMap((line) => (line.startsWith("data: {") ? [JSON.parse(line.slice(6)) as Json] : []));

const fieldsOf = (body: Json | undefined, names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, body?.[name]]));

describe("Claude Code", () => {
  const ephemeral = { type: "ephemeral" };
  const betas = "claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27";
  const headers = {
    "anthropic-version": "2023-06-01",
    "anthropic-beta": betas,
    "user-agent": "claude-cli/2.1.0 (external, cli)",
  };
  const thinking = { type: "thinking", thinking: "I read the file.", signature: "c2lnbmVk" };
  const body = (model: string): Json => ({
    model,
    max_tokens: 32_000,
    stream: true,
    system: [
      { type: "text", text: "You are Claude Code.", cache_control: ephemeral },
      { type: "text", text: "Be concise.", cache_control: ephemeral },
    ],
    thinking: { type: "adaptive" },
    context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
    metadata: { user_id: '{"device_id":"d","account_uuid":"","session_id":"s"}' },
    tools: Array.from({ length: 200 }, (_, at) => ({
      name: `mcp__server__tool_${at}`,
      description: "Does something.",
      input_schema: { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", properties: {} },
      ...(at === 199 ? { cache_control: ephemeral } : {}),
    })),
    messages: [
      { role: "user", content: [{ type: "text", text: "<system-reminder>Today is Monday.</system-reminder>" }] },
      {
        role: "assistant",
        content: [
          thinking,
          { type: "tool_use", id: "toolu_1", name: "mcp__server__tool_1", input: {}, cache_control: ephemeral },
        ],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "toolu_1",
            content: [{ type: "tool_reference", tool_name: "mcp__server__tool_2" }],
          },
          { type: "text", text: "Go on.", cache_control: ephemeral },
        ],
      },
    ],
  });

  test("reaches Anthropic with its features, its thinking and its cache marks", async () => {
    const sent = body("anthropic/claude-sonnet-4-6");
    const { status, text } = await send("/v1/messages?beta=true", sent, headers);
    expect([status, text.includes("event: message_stop")]).toEqual([200, true]);
    const names = ["system", "thinking", "context_management", "metadata", "tools", "messages", "max_tokens"];
    expect(fieldsOf(gateway.anthropic.bodies.at(-1), names)).toEqual(fieldsOf(sent, names));
    expect(gateway.anthropic.bodies.at(-1)).not.toHaveProperty("betas");
    expect(gateway.anthropic.headers.at(-1)?.["anthropic-beta"]).toBe(betas);
  });

  test("is answered by another vendor's model, too", async () => {
    const { status, text } = await send("/v1/messages?beta=true", body(other), headers);
    expect([status, text.includes("Hello.")]).toEqual([200, true]);
    expect(gateway.vendor.calls.at(-1)?.body).not.toHaveProperty("context_management");
    expect(gateway.vendor.calls.at(-1)?.body.tools).toHaveLength(200);
  });

  test("has the tokens of the same body counted", async () => {
    const { status, text } = await send("/v1/messages/count_tokens?beta=true", body("anthropic/claude-sonnet-4-6"), headers);
    expect([status, JSON.parse(text)]).toEqual([200, { input_tokens: expect.any(Number) }]);
  });

  test("has results of tools cleared where the model's vendor does not clear any", async () => {
    const word = (number: number) => createHash("sha256").update(String(number)).digest("base64url").slice(0, 6);
    const rows = (turn: number) =>
      Array.from({ length: 40 }, (_, at) => `${word(turn)} ${word(at)} found ${word(turn * at)} in ${word(turn + at)}`).join(
        "\n",
      );
    const messages = Array.from({ length: 24 }, (_, turn) => [
      { role: "user", content: `Read file ${turn}.` },
      { role: "assistant", content: [{ type: "tool_use", id: `toolu_${turn}`, name: "read", input: { file: String(turn) } }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: `toolu_${turn}`, content: rows(turn) }] },
      { role: "assistant", content: "I have read it." },
    ]).flat();
    const call = {
      model: other,
      max_tokens: 100,
      tools: [{ name: "read", description: "Reads a file.", input_schema: { type: "object", properties: {} } }],
      messages: [...messages, { role: "user", content: "Which file is the longest?" }],
    };
    const trigger = { type: "input_tokens", value: 2_000 };
    const edits = [{ type: "clear_tool_uses_20250919", trigger }];
    const whole = await send("/v1/messages", call, headers);
    const sentWhole = JSON.stringify(gateway.vendor.calls.at(-1)?.body.messages).length;
    const cleared = await send("/v1/messages", { ...call, context_management: { edits } }, headers);
    const sentCleared = JSON.stringify(gateway.vendor.calls.at(-1)?.body.messages).length;
    expect([whole.status, cleared.status]).toEqual([200, 200]);
    expect(sentCleared).toBeLessThan(sentWhole / 2);
    expect(Number(cleared.headers.get("x-nocp-tokens-saved"))).toBeGreaterThan(0);
  });

  test("is told by name which feature is none", async () => {
    const { status, text } = await send("/v1/messages", body(other), { ...headers, "anthropic-beta": "no feature" });
    expect([status, JSON.parse(text)]).toMatchObject([400, { error: { message: expect.stringContaining("betas") } }]);
  });
});

describe("Codex", () => {
  const grammar = { type: "grammar", syntax: "lark", definition: "start: begin hunk+ end" };
  const inner = (name: string) => ({
    type: "function",
    name,
    description: "Of a server.",
    strict: false,
    parameters: { type: "object" },
  });
  const tools = [
    {
      type: "function",
      name: "exec_command",
      description: "Runs.",
      strict: false,
      parameters: { type: "object", properties: {} },
    },
    { type: "custom", name: "apply_patch", description: "Edits files.", format: grammar },
    { type: "namespace", name: "mcp__wiki", description: "A wiki.", tools: [inner("search"), inner("read")] },
  ];
  const search = { type: "web_search", external_web_access: false };
  const patch = "*** Begin Patch\n*** Add File: a.txt\n+hello\n*** End Patch\n";
  const reasoning = { type: "reasoning", summary: [], content: null, encrypted_content: "c2VjcmV0" };
  const body = (model: string, more: Json = {}): Json => ({
    model,
    instructions: "You are Codex.",
    input: [
      { type: "message", role: "developer", content: [{ type: "input_text", text: "<permissions/>" }] },
      { type: "message", role: "user", content: [{ type: "input_text", text: "Write the file." }] },
      reasoning,
      { type: "function_call", name: "search", namespace: "mcp__wiki", arguments: "{}", call_id: "call_1" },
      {
        type: "function_call_output",
        call_id: "call_1",
        output: [
          { type: "input_text", text: "Found." },
          { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=" },
        ],
      },
      { type: "custom_tool_call", status: "completed", call_id: "call_2", name: "apply_patch", input: patch },
      { type: "custom_tool_call_output", call_id: "call_2", output: "Done." },
      { type: "message", role: "user", content: [{ type: "input_text", text: "Once more." }] },
    ],
    tools,
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: { effort: "medium", summary: "auto" },
    store: false,
    stream: true,
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: "019b0000-0000-7000-8000-000000000000",
    client_metadata: { "x-codex-installation-id": "i" },
    ...more,
  });
  const calls = [
    { type: "custom_tool_call", id: "ctc_1", status: "completed", call_id: "call_3", name: "apply_patch", input: patch },
    {
      ...{ type: "function_call", id: "fc_1", status: "completed", call_id: "call_4" },
      name: "read",
      namespace: "mcp__wiki",
      arguments: '{"page":7}',
    },
  ];
  const named = [
    { type: "custom_tool_call", call_id: "call_3", name: "apply_patch", input: patch },
    { type: "function_call", call_id: "call_4", name: "read", namespace: "mcp__wiki", arguments: '{"page":7}' },
  ];

  test("reaches OpenAI as it is, and its calls come back as they are", async () => {
    gateway.openai.answer(() => calls);
    const sent = body("openai/gpt-5.4", { tools: [...tools, search] });
    const { status, text } = await send("/v1/responses", sent);
    expect(status).toBe(200);
    const names = Object.keys(sent).filter((name) => name !== "model" && name !== "stream");
    expect(fieldsOf(gateway.openai.bodies.at(-1), names)).toEqual(fieldsOf(sent, names));
    expect(doneItems(text)).toMatchObject(named);
  });

  test("gets calls of its own kinds from another vendor's model", async () => {
    gateway.vendor.answer(() => ({
      toolCalls: [
        { id: "call_3", name: "apply_patch", arguments: JSON.stringify({ input: patch }) },
        { id: "call_4", name: "mcp__wiki__read", arguments: '{"page":7}' },
      ],
    }));
    const { status, text } = await send("/v1/responses", body(other));
    expect(status).toBe(200);
    expect(doneItems(text)).toMatchObject(named);
    const events = eventsIn(text).map(({ type }) => type);
    expect(events).toContain("response.custom_tool_call_input.done");
    expect(events.at(-1)).toBe("response.completed");
    const asked = gateway.vendor.calls.at(-1)?.body ?? {};
    const offered = (asked.tools as { function: { name: string; description: string } }[]).map((tool) => tool.function);
    expect(offered.map(({ name }) => name)).toEqual(["exec_command", "apply_patch", "mcp__wiki__search", "mcp__wiki__read"]);
    expect(offered[1]?.description).toContain(grammar.definition);
    const roles = (asked.messages as { role: string }[]).map(({ role }) => role);
    expect(roles).toEqual(["system", "system", "user", "assistant", "tool", "user", "assistant", "tool", "user"]);
  });

  test("gets a search back for the next turn, and a bill that does not claim to know its price", async () => {
    const searched = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "nocp" } };
    gateway.openai.answer(() => [searched, spoken("Found it.")]);
    const asked = body("openai/gpt-5.4", { tools: [...tools, search], stream: false });
    const { status, text, headers } = await send("/v1/responses", asked);
    expect([status, (JSON.parse(text) as { output: unknown[] }).output]).toMatchObject([200, [searched, { type: "message" }]]);
    expect(headers.get("x-nocp-cost-usd")).toBeNull();
    const again = body("openai/gpt-5.4", {
      stream: false,
      input: [...(body("").input as object[]), searched, { role: "user", content: "And?" }],
    });
    gateway.openai.answer(() => [spoken("Nothing else.")]);
    const priced = await send("/v1/responses", again);
    expect([priced.status, gateway.openai.bodies.at(-1)?.input]).toEqual([200, again.input]);
    const known = await send("/v1/responses", body("openai/gpt-5.4", { stream: false }));
    expect(Number(known.headers.get("x-nocp-cost-usd"))).toBeGreaterThan(0);
  });

  test("gets a search while it is streamed, whose price nobody claims to know", async () => {
    const searched = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "nocp" } };
    const costOf = async (output: readonly Json[], more: Json) => {
      gateway.openai.answer(() => output);
      const { status, text, headers } = await send("/v1/responses", body("openai/gpt-5.4", { ...more, stream: true }));
      expect([status, doneItems(text)[0]]).toMatchObject([200, output[0]?.type === "message" ? { type: "message" } : output[0]]);
      return storedCost(headers.get("x-nocp-request-id"));
    };
    expect(await costOf([searched, spoken("Found it.")], { tools: [...tools, search] })).toBeNull();
    expect(await costOf([spoken("Nothing else.")], {})).toBeGreaterThan(0);
  });

  /** Of the transaction, once it is stored: a stream has no header for it. */
  async function storedCost(requestId: string | null): Promise<unknown> {
    let stored: Json | undefined;
    const find = async () => {
      const { data } = (await (await fetch(`${gateway.url}/nocp/v1/transactions?limit=20`)).json()) as { data: Json[] };
      stored = data.find(({ id }) => id === requestId);
      return stored !== undefined;
    };
    await waitFor(find, "the transaction");
    return stored?.cost_usd;
  }

  test("is told that another vendor's model cannot search", async () => {
    const { status, text } = await send("/v1/responses", body(other, { tools: [...tools, search] }));
    expect([status, text]).toEqual([400, expect.stringContaining("tools")]);
  });

  const doneItems = (text: string): unknown[] =>
    eventsIn(text).flatMap(({ type, item }) => (type === "response.output_item.done" ? [item] : []));
});
