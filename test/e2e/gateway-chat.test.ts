// OpenAI's own client against the gateway, with all of NOCP and a scripted vendor behind it.
import { restoreText } from "@nocp/text/lossless/lossless.ts";
import OpenAI from "openai";
import type { ChatCompletionCreateParamsNonStreaming, ChatCompletionTool } from "openai/resources/chat/completions";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";

const page = "https://app.example.com";
const gateway = useGatewayDeployment(() => ({ NOCP_GATEWAY_CORS_ORIGINS: `http://localhost:3000,${page}` }));
let client: OpenAI;
beforeAll(() => {
  client = new OpenAI({ apiKey: "any", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
beforeEach(() => gateway.vendor.answer(() => ({ text: ["Hello", " there", "."] })));

const model = "openai-compatible/scripted-1";
const messages = [
  { role: "system" as const, content: "Be brief." },
  { role: "user" as const, content: "Greet me." },
];
const weather: ChatCompletionTool = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather of a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const lastBody = () => gateway.vendor.calls.at(-1)?.body ?? {};

async function collect(stream: AsyncIterable<OpenAI.ChatCompletionChunk>) {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return { chunks, text: chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("") };
}

describe("a buffered answer", () => {
  test("has the vendor's text, model, usage and finish reason", async () => {
    const answer = await client.chat.completions.create({ model, messages });
    expect(answer).toMatchObject({
      object: "chat.completion",
      model: "scripted-1",
      choices: [{ index: 0, message: { role: "assistant", content: "Hello there." }, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 20,
        completion_tokens: 5,
        total_tokens: 25,
        prompt_tokens_details: { cached_tokens: 8 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    });
    expect(answer.id).toMatch(/^chatcmpl-/);
  });

  test("tells in its headers what the call cost and where it went", async () => {
    const { response } = await client.chat.completions.create({ model, messages }).withResponse();
    const id = response.headers.get("x-nocp-request-id");
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get("x-request-id")).toBe(id);
    expect(response.headers.get("x-nocp-provider")).toBe("openai-compatible");
    expect(Number(response.headers.get("x-nocp-overhead-ms"))).toBeGreaterThanOrEqual(0);
    expect(response.headers.get("x-nocp-tokens-saved")).toBe("0");
    // The vendor has no price: nothing is claimed of the cost.
    expect(response.headers.has("x-nocp-cost-usd")).toBe(false);
  });

  test("says that it was cut, and that it was refused", async () => {
    gateway.vendor.answer(() => ({ text: ["Hel"], finishReason: "length" }));
    const cut = await client.chat.completions.create({ model, messages });
    expect(cut.choices[0]).toMatchObject({ finish_reason: "length", message: { content: "Hel" } });
    gateway.vendor.answer(() => ({ refusal: "I will not." }));
    const refused = await client.chat.completions.create({ model, messages });
    expect(refused.choices[0]?.message).toMatchObject({ content: null, refusal: "I will not." });
  });

  test("has every alternative that was asked for", async () => {
    gateway.vendor.answer(() => ({ text: ["one"], alternatives: ["two", "three"] }));
    const { choices } = await client.chat.completions.create({ model, messages, n: 3, seed: 7, stop: ["END"] });
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, "one"],
      [1, "two"],
      [2, "three"],
    ]);
    expect(lastBody()).toMatchObject({ n: 3, seed: 7, stop: ["END"] });
  });
});

describe("a streamed answer", () => {
  test("comes in pieces, ends with its usage, and is the buffered one", async () => {
    const stream = await client.chat.completions.create({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const { chunks, text } = await collect(stream);
    expect(text).toBe("Hello there.");
    expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant");
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.flatMap(({ choices }) => choices.map(({ finish_reason }) => finish_reason)).filter(Boolean)).toEqual(["stop"]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 20, completion_tokens: 5 } });
  });

  test("has no usage that was not asked for, and ends with [DONE]", async () => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages, stream: true }),
    });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const text = await response.text();
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(text).not.toContain('"usage"');
  });

  test("may be read by a page of another origin that is listed", async () => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: page },
      body: JSON.stringify({ model, messages, stream: true }),
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "access-control-allow-origin": page,
      "access-control-expose-headers": "*",
      "content-type": expect.stringContaining("text/event-stream"),
      vary: "Origin",
    });
    expect(await response.text()).toContain("[DONE]");
  });

  test("is never cut, however many calls race", async () => {
    const words = Array.from({ length: 40 }, (_, at) => `word-${at} `);
    gateway.vendor.answer(() => ({ text: words }));
    const texts = await Promise.all(
      Array.from(
        { length: 24 },
        async () => (await collect(await client.chat.completions.create({ model, messages, stream: true }))).text,
      ),
    );
    expect(new Set(texts)).toEqual(new Set([words.join("")]));
  });

  test("is held back when its caller wants all or nothing", async () => {
    gateway.vendor.answer((_body, number) => ({ text: [`first try ${number}`], breaksOff: number % 2 === 0 }));
    const stream = await client.chat.completions.create(
      { model, messages, stream: true },
      { headers: { "x-nocp-stream": "held" } },
    );
    expect((await collect(stream)).text).toMatch(/^first try \d+$/);
  });
});

describe("a model that breaks off in mid-answer", () => {
  test("is followed by one that says the same, and the client does not notice", async () => {
    let calls = 0;
    gateway.vendor.answer(() =>
      ++calls === 1 ? { text: ["The answer"], breaksOff: true, pauseMs: 100 } : { text: ["The answer", " is 42."] },
    );
    const { text } = await collect(await client.chat.completions.create({ model, messages, stream: true }));
    expect(text).toBe("The answer is 42.");
    expect(calls).toBe(2);
  });

  test("is followed by one that says something else: the stream ends with an error", async () => {
    let calls = 0;
    gateway.vendor.answer(() =>
      ++calls === 1 ? { text: ["The answer"], breaksOff: true, pauseMs: 100 } : { text: ["Another one."] },
    );
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    await expect(collect(stream)).rejects.toThrow(/does not continue what was sent/);
  });
});

describe("tools that the caller runs", () => {
  const toolCalls = [
    { id: "call_1", name: "weather", arguments: '{"city":"Oslo"}' },
    { id: "call_2", name: "weather", arguments: '{"city":"Bergen"}' },
  ];

  test("come back as parallel calls, and their results reach the model", async () => {
    gateway.vendor.answer(({ messages: sent }) =>
      (sent as { role: string }[]).some(({ role }) => role === "tool") ? { text: ["Rain in both."] } : { toolCalls },
    );
    const asked = await client.chat.completions.create({ model, messages, tools: [weather] });
    const [choice] = asked.choices;
    expect(choice).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
    expect(choice?.message.tool_calls).toMatchObject(
      toolCalls.map(({ id, name, arguments: text }) => ({ id, type: "function", function: { name, arguments: text } })),
    );
    const answered = await client.chat.completions.create({
      model,
      tools: [weather],
      messages: [
        ...messages,
        choice!.message,
        { role: "tool", tool_call_id: "call_1", content: "rain" },
        { role: "tool", tool_call_id: "call_2", content: [{ type: "text", text: "rain, too" }] },
      ],
    });
    expect(answered.choices[0]?.message.content).toBe("Rain in both.");
  });

  test("come in fragments when the answer is streamed", async () => {
    gateway.vendor.answer(() => ({ text: ["Let me look."], toolCalls }));
    const runner = client.chat.completions.stream({ model, messages, tools: [weather] });
    const { message, finish_reason } = (await runner.finalChatCompletion()).choices[0]!;
    expect(finish_reason).toBe("tool_calls");
    expect(message.content).toBe("Let me look.");
    expect(message.tool_calls?.map((call) => call.type === "function" && call.function.arguments)).toEqual(
      toolCalls.map(({ arguments: text }) => text),
    );
  });
});

describe("what the model's provider is sent", () => {
  const image = { type: "image_url" as const, image_url: { url: "data:image/png;base64,iVBORw0KGgo=", detail: "low" as const } };
  const body: ChatCompletionCreateParamsNonStreaming = {
    model,
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", name: "ann", content: [{ type: "text", text: "What is this?" }, image, { type: "text", text: "Thanks." }] },
      { role: "assistant", content: "A picture." },
      { role: "system", content: "Now in French." },
      { role: "user", content: "And now?" },
    ],
    tools: [{ ...weather, function: { ...weather.function, strict: true } }] as ChatCompletionTool[],
    tool_choice: "auto",
    parallel_tool_calls: false,
    response_format: {
      type: "json_schema",
      json_schema: { name: "answer", strict: true, schema: { type: "object", properties: {}, additionalProperties: false } },
    },
    reasoning_effort: "low",
    temperature: 0.2,
    top_p: 0.9,
    frequency_penalty: 0.5,
    logit_bias: { "50256": -100 },
    max_completion_tokens: 99,
    user: "u-1",
    service_tier: "flex",
    metadata: { team: "a" },
    prompt_cache_key: "k",
  };

  /** A provider is asked for a stream whatever the client wants: one that is silent is noticed at once. */
  const asStream = { stream: true, stream_options: { include_usage: true } };

  test.each(["off", "lossless"])("is what the client sent, with compression %s", async (compression) => {
    gateway.vendor.answer(() => ({ text: ["{}"] }));
    await client.chat.completions.create({ ...body, top_k: 5 } as ChatCompletionCreateParamsNonStreaming, {
      headers: { "x-nocp-compression": compression },
    });
    expect(lastBody()).toEqual({ ...body, top_k: 5, model: "scripted-1", ...asStream });
  });

  test("is the same without a word for the gateway in it", async () => {
    await client.chat.completions.create({
      ...body,
      nocp: { tags: ["x"], lane: "batch" },
      metadata: { team: "a", nocp_cache: "off" },
    } as ChatCompletionCreateParamsNonStreaming);
    expect(lastBody()).toEqual({ ...body, model: "scripted-1", ...asStream });
  });

  test("has results of tools in fewer tokens, and everything else untouched, where nothing is said", async () => {
    const rows = Array.from({ length: 60 }, (_, at) => ({ id: at + 1000, name: `customer ${at}`, active: true, country: "NO" }));
    const conversation = [
      ...messages,
      {
        role: "assistant" as const,
        content: null,
        tool_calls: [{ id: "c1", type: "function" as const, function: { name: "weather", arguments: "{}" } }],
      },
      { role: "tool" as const, tool_call_id: "c1", content: JSON.stringify(rows, null, 2) },
    ];
    const { response } = await client.chat.completions.create({ model, messages: conversation, tools: [weather] }).withResponse();
    const sent = lastBody().messages as { role: string; content: string }[];
    expect(sent.slice(0, 3)).toEqual(conversation.slice(0, 3));
    expect(sent[3]!.content.length).toBeLessThan(JSON.stringify(rows, null, 2).length / 2);
    expect(JSON.parse(restoreText(sent[3]!.content))).toEqual(rows);
    expect(Number(response.headers.get("x-nocp-tokens-saved"))).toBeGreaterThan(500);

    await client.chat.completions.create(
      { model, messages: conversation, tools: [weather] },
      { headers: { "x-nocp-compression": "off" } },
    );
    expect(lastBody().messages).toEqual(conversation);
  });

  test("has NOCP's own prompt where more compression is allowed", async () => {
    await client.chat.completions.create({ model, messages }, { headers: { "x-nocp-compression": "auto" } });
    const sent = lastBody().messages as { role: string; content: string }[];
    expect(sent[0]?.content).toContain("Be brief.");
    expect(sent.at(-1)?.content).toContain("Greet me.");
  });

  test("holds all digits of a number", async () => {
    await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"model":"${model}","messages":[{"role":"user","content":"x"}],"custom":12345678901234567890}`,
    });
    expect(JSON.stringify(lastBody())).toContain("1234567890123456");
  });
});

describe("errors", () => {
  test.each([
    [{ model, messages: [] }, "messages"],
    [{ model, messages, logprobs: true }, "logprobs"],
    [{ model, messages, modalities: ["audio"] }, "modalities"],
    [{ model, messages, tools: [{ type: "custom", custom: { name: "x" } }] }, "tools[0].type"],
    [{ model, messages: [{ role: "user", content: [{ type: "video" }] }] }, "messages[0].content[0]"],
    [{ model, messages, nocp: { lanes: "batch" } }, "nocp.lanes"],
  ])("name the field: %#", async (body, field) => {
    const before = gateway.vendor.calls.length;
    const call = client.chat.completions.create(body as unknown as ChatCompletionCreateParamsNonStreaming);
    await expect(call).rejects.toMatchObject({ status: 400, type: "invalid_request_error", param: field });
    expect(gateway.vendor.calls).toHaveLength(before);
  });

  test("of the vendor keep their kind", async () => {
    gateway.vendor.answer(() => ({ status: 400, error: { message: "temperature is too high", param: "temperature" } }));
    const refused = client.chat.completions.create({ model, messages });
    await expect(refused).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(refused).rejects.toThrow(/temperature is too high/);
    gateway.vendor.answer(() => ({ status: 400, error: { message: "too long", code: "context_length_exceeded" } }));
    await expect(client.chat.completions.create({ model, messages, stream: true })).rejects.toMatchObject({
      status: 400,
      code: "context_length_exceeded",
    });
  });

  test("of a rate limit say when to try again", async () => {
    gateway.vendor.answer(() => ({ status: 429, error: { message: "slow down" }, headers: { "retry-after": "7" } }));
    const limited = await client.chat.completions
      .create({ model, messages }, { headers: { "x-nocp-timeout-ms": "3000" } })
      .catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(OpenAI.APIError);
    const { status, headers } = limited as InstanceType<typeof OpenAI.APIError>;
    expect([429, 504]).toContain(status);
    expect(headers?.get("x-should-retry")).toBe(status === 429 ? "true" : "false");
  });

  test("of an unknown provider are of a model that is not there", async () => {
    await expect(client.chat.completions.create({ model: "anthropic/claude-x", messages })).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    });
  });

  test("of the transport have the vendor's form, too", async () => {
    const post = (init: RequestInit) => fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", ...init });
    const json = { "content-type": "application/json" };
    const responses = await Promise.all([
      post({ headers: json, body: "{" }),
      post({ headers: json, body: "[]" }),
      post({ headers: { "content-type": "text/plain" }, body: "{}" }),
      fetch(`${gateway.url}/v1/nothing`),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([400, 400, 415, 404]);
    for (const response of responses) expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
  });
});

test("a client that hangs up ends the call at the vendor", async () => {
  gateway.vendor.answer(() => ({ text: Array.from({ length: 200 }, () => "x"), pauseMs: 50 }));
  const controller = new AbortController();
  const stream = await client.chat.completions.create({ model, messages, stream: true }, { signal: controller.signal });
  for await (const _chunk of stream) {
    controller.abort();
    break;
  }
  expect(await gateway.vendor.calls.at(-1)?.ended).toBe("hung up");
});

test("the models are the deployment's choice and each configured provider's", async () => {
  const listed = await client.models.list();
  expect(listed.data.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["nocp/auto", "openai-compatible/scripted-1", "extractive/extractive-1"]),
  );
  expect(await client.models.retrieve("openai-compatible/scripted-1")).toMatchObject({ owned_by: "openai-compatible" });
  await client.chat.completions.create({ model: "nocp/auto", messages });
  expect(lastBody().model).toBe("scripted-1");
});
