// Anthropic's own client against the gateway, with all of NOCP and scripted vendors of both APIs behind it.
import Anthropic from "@anthropic-ai/sdk";
import type { MessageCreateParamsNonStreaming, MessageParam, Tool } from "@anthropic-ai/sdk/resources/messages/messages";
import { restoreText } from "@nocp/text/lossless/lossless.ts";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";
import { type MessagesVendor, startMessagesVendor } from "../servers/messages-vendor.ts";

let anthropic: MessagesVendor;
beforeAll(async () => {
  anthropic = await startMessagesVendor();
});
const gateway = useGatewayDeployment(() => ({ ANTHROPIC_API_KEY: "test", ANTHROPIC_BASE_URL: anthropic.baseUrl }));
afterAll(() => anthropic.close());
let client: Anthropic;
beforeAll(() => {
  client = new Anthropic({ apiKey: "any", baseURL: gateway.url, maxRetries: 0 });
});
beforeEach(() => {
  anthropic.answer(() => ({ blocks: [{ type: "text", text: "Hello there." }] }));
  gateway.vendor.answer(() => ({ text: ["Hello", " there."] }));
});

const model = "anthropic/claude-sonnet-5";
const other = "openai-compatible/scripted-1";
const messages: MessageParam[] = [{ role: "user", content: "Greet me." }];
const weather: Tool = {
  name: "weather",
  description: "The weather of a city.",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const call = { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } };
const thinking = { type: "thinking", thinking: "They want a greeting.", signature: "c2lnbmVk" };
const lastBody = () => anthropic.bodies.at(-1) ?? {};

describe.each([model, other])("an answer of %s", (named) => {
  test("is a message", async () => {
    const answer = await client.messages.create({ model: named, max_tokens: 50, system: "Be brief.", messages });
    expect(answer).toMatchObject({
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "Hello there." }],
      stop_reason: "end_turn",
    });
    expect(answer.id).toMatch(/^msg_/);
  });

  test("is the same as a stream, with every event that the client needs", async () => {
    const stream = client.messages.stream({ model: named, max_tokens: 50, messages });
    const types: string[] = [];
    stream.on("streamEvent", ({ type }) => void types.push(type));
    const message = await stream.finalMessage();
    expect(message).toMatchObject({ content: [{ type: "text", text: "Hello there." }], stop_reason: "end_turn" });
    expect(message.usage.output_tokens).toBeGreaterThan(0);
    expect([types[0], types[1], ...types.slice(-3)]).toEqual([
      "message_start",
      "content_block_start",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
  });

  test("may be calls of the caller's tools, whose results reach the model", async () => {
    anthropic.answer(({ messages: sent }) =>
      JSON.stringify(sent).includes("tool_result")
        ? { blocks: [{ type: "text", text: "It rains." }] }
        : { blocks: [{ type: "text", text: "Let me look." }, call, { ...call, id: "toolu_2" }], stopReason: "tool_use" },
    );
    const toolCalls = ["toolu_1", "toolu_2"].map((id) => ({ id, name: "weather", arguments: '{"city":"Oslo"}' }));
    gateway.vendor.answer(({ messages: sent }) =>
      JSON.stringify(sent).includes('"tool"') ? { text: ["It rains."] } : { text: ["Let me look."], toolCalls },
    );
    const asked = await client.messages.stream({ model: named, max_tokens: 50, messages, tools: [weather] }).finalMessage();
    expect(asked.stop_reason).toBe("tool_use");
    expect(asked.content).toMatchObject([{ type: "text", text: "Let me look." }, call, { ...call, id: "toolu_2" }]);
    const answered = await client.messages.create({
      model: named,
      max_tokens: 50,
      tools: [weather],
      messages: [
        ...messages,
        { role: "assistant", content: asked.content },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "toolu_1", content: "rain" },
            { type: "tool_result", tool_use_id: "toolu_2", content: [{ type: "text", text: "more rain" }] },
            { type: "text", text: "In short?" },
          ],
        },
      ],
    });
    expect(answered.content).toMatchObject([{ type: "text", text: "It rains." }]);
  });
});

test("usage is what the vendor says, with its cache apart", async () => {
  const { usage } = await client.messages.create({ model, max_tokens: 50, messages });
  expect(usage).toMatchObject({
    input_tokens: 12,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 30,
    output_tokens: 7,
  });
});

describe("thinking", () => {
  test.each(["buffered", "streamed"])("comes before the text, with its signature, when the answer is %s", async (form) => {
    anthropic.answer(() => ({ blocks: [thinking, { type: "text", text: "Hello." }, call], stopReason: "tool_use" }));
    const body: MessageCreateParamsNonStreaming = {
      model,
      max_tokens: 5_000,
      messages,
      tools: [weather],
      thinking: { type: "enabled", budget_tokens: 2_000 },
    };
    const answer = form === "streamed" ? await client.messages.stream(body).finalMessage() : await client.messages.create(body);
    expect(answer.content).toMatchObject([thinking, { type: "text", text: "Hello." }, call]);
    await client.messages.create({
      ...body,
      messages: [
        ...messages,
        { role: "assistant", content: answer.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "rain" }] },
      ],
    });
    const sent = lastBody().messages as { content: object[] }[];
    expect(sent[1]?.content[0]).toEqual(thinking);
  });
});

test("an answer that a stop sequence ended says which, whole and streamed", async () => {
  anthropic.answer(() => ({
    ...{ blocks: [{ type: "text", text: "Hello" }], stopReason: "stop_sequence", stopSequence: "END" },
  }));
  const ask = { model, max_tokens: 50, messages, stop_sequences: ["END"] };
  for (const compression of ["off", "auto"]) {
    const headers = { "x-nocp-compression": compression };
    const whole = await client.messages.create(ask, { headers });
    expect(whole).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "END" });
    const streamed = await client.messages.stream(ask, { headers }).finalMessage();
    expect(streamed).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "END" });
  }
  expect(await client.messages.create({ ...ask, model: other })).toMatchObject({ stop_reason: "end_turn", stop_sequence: null });
});

describe("what the vendor is sent", () => {
  const body: MessageCreateParamsNonStreaming = {
    model,
    max_tokens: 100,
    system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
    messages: [
      {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } },
          { type: "text", text: "What is this?", cache_control: { type: "ephemeral", ttl: "1h" } },
        ],
      },
      { role: "assistant", content: "A picture." },
      { role: "user", content: "Thanks." },
    ],
    tools: [{ ...weather, cache_control: { type: "ephemeral" } }],
    tool_choice: { type: "auto", disable_parallel_tool_use: true },
    stop_sequences: ["END"],
    metadata: { user_id: "u" },
    service_tier: "auto",
  };

  test.each(["off", "lossless"])("is what the client sent, cache marks included, with compression %s", async (compression) => {
    const sampling = { temperature: 0.5, top_k: 4 };
    await client.messages.create({ ...body, ...sampling }, { headers: { "x-nocp-compression": compression } });
    expect(lastBody()).toEqual({ ...body, ...sampling, model: "claude-sonnet-5", stream: true });
  });

  test("has long results of tools in fewer tokens, the same way in every turn", async () => {
    const rows = Array.from({ length: 60 }, (_, at) => ({ id: at + 1000, name: `customer ${at}`, active: true, country: "NO" }));
    const first: MessageParam[] = [
      ...messages,
      { role: "assistant", content: [{ ...call, type: "tool_use" }] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1", content: JSON.stringify(rows), cache_control: { type: "ephemeral" } },
        ],
      },
    ];
    const { response } = await client.messages
      .create({ model, max_tokens: 50, tools: [weather], messages: first })
      .withResponse();
    expect(Number(response.headers.get("x-nocp-tokens-saved"))).toBeGreaterThan(300);
    const sent = lastBody().messages as { content: { content: string; cache_control: object }[] }[];
    const [block] = sent[2]!.content;
    expect(JSON.parse(restoreText(block!.content))).toEqual(rows);
    expect(block!.cache_control).toEqual({ type: "ephemeral" });
    await client.messages.create({
      model,
      max_tokens: 50,
      tools: [weather],
      messages: [...first, { role: "assistant", content: "Done." }, { role: "user", content: "And the first one?" }],
    });
    expect((lastBody().messages as object[]).slice(0, 3)).toEqual(sent);
  });

  test("by OpenAI's client is a translation, and what has none is named", async () => {
    const openai = new OpenAI({ apiKey: "any", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const chat = {
      model,
      messages: [
        { role: "system" as const, content: "Be brief." },
        { role: "user" as const, content: "Hi" },
      ],
    };
    const answer = await openai.chat.completions.create({ ...chat, max_tokens: 9, stop: "END", presence_penalty: 0 });
    expect(answer.choices[0]?.message.content).toBe("Hello there.");
    expect(lastBody()).toMatchObject({
      model: "claude-sonnet-5",
      system: "Be brief.",
      messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
      max_tokens: 9,
      stop_sequences: ["END"],
    });
    const before = anthropic.bodies.length;
    await expect(openai.chat.completions.create({ ...chat, logit_bias: { "1": 5 } })).rejects.toThrow(/400.*logit_bias/);
    await expect(openai.chat.completions.create({ ...chat, n: 2 })).rejects.toMatchObject({ status: 400 });
    expect(anthropic.bodies).toHaveLength(before);
  });
});

describe("errors", () => {
  test("have the vendor's form, and name the field", async () => {
    const wrong = client.messages.create({
      model,
      max_tokens: 5,
      messages: [{ role: "user", content: [{ type: "container_upload", file_id: "f" }] }],
    });
    await expect(wrong).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    await expect(wrong).rejects.toMatchObject({
      status: 400,
      error: {
        type: "error",
        error: { type: "invalid_request_error", message: expect.stringContaining("messages[0].content[0]") },
      },
      requestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test("in mid-stream are an error event, and no end of a message", async () => {
    let calls = 0;
    gateway.vendor.answer(() =>
      ++calls === 1 ? { text: ["The answer"], breaksOff: true, pauseMs: 100 } : { text: ["Another one."] },
    );
    const stream = client.messages.stream({ model: other, max_tokens: 50, messages });
    await expect(stream.finalMessage()).rejects.toThrow(/does not continue what was sent/);
  });
});

test("tokens are counted without calling the model", async () => {
  const before = anthropic.bodies.length;
  const short = await client.messages.countTokens({ model, messages });
  const long = await client.messages.countTokens({ model, messages, system: "Be brief. ".repeat(100), tools: [weather] });
  expect(short.input_tokens).toBeGreaterThan(3);
  expect(long.input_tokens).toBeGreaterThan(short.input_tokens + 200);
  expect(anthropic.bodies).toHaveLength(before);
});

test("models are listed in Anthropic's form", async () => {
  const { data } = await client.models.list();
  expect(data.map(({ id }) => id)).toContain("nocp/auto");
  expect(await client.models.retrieve("nocp/auto")).toMatchObject({ type: "model", id: "nocp/auto" });
});
