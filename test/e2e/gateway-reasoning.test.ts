// What a model thinks, as it thinks it: the vendors' own clients, each API before each vendor, on each path; the queue's stages
// are chained in one process. A held answer and a streamed one are the same, and a stream is live: the vendor does not go on
// before the client has seen the thought.
import type Anthropic from "@anthropic-ai/sdk";
import type { MessageCreateParamsNonStreaming, Tool } from "@anthropic-ai/sdk/resources/messages/messages";
import type { ChatCompletionChunk, ChatCompletionMessage } from "openai/resources/chat/completions/completions";
import { beforeEach, describe, expect, test } from "vitest";
import { useVendorsDeployment } from "../fixtures/vendors-deployment.ts";
import type { BeforeEvent } from "../servers/messages-vendor.ts";
import { spoken } from "../servers/responses-vendor.ts";

const gateway = useVendorsDeployment(
  (vendor) => ({
    NOCP_GATEWAY_PATH: "direct",
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_SERVERS: JSON.stringify({
      templated: { vendor: "vllm", baseUrl: vendor.baseUrl, openedThinking: ["told-*"] },
    }),
  }),
  { chain: true },
);

const weather: Tool = { name: "weather", description: "The weather of a city.", input_schema: { type: "object" } };
const call = { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } };
const blocks = [
  { type: "thinking", thinking: "They want a greeting, ", signature: "c2lnbmVk" },
  { type: "redacted_thinking", data: "c2VjcmV0" },
  { type: "text", text: "Hello there." },
  { type: "thinking", thinking: "and the weather.", signature: "YWdhaW4=" },
  { type: "text", text: " Let me look." },
  call,
];
const summaryPart = (text: string) => ({ type: "summary_text", text });
const items = [
  {
    id: "rs_1",
    type: "reasoning",
    summary: [summaryPart("They want a greeting. "), summaryPart("And then?")],
    encrypted_content: "c2VjcmV0",
  },
  { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: "greetings" } },
  { id: "rs_2", type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "Be polite." }] },
  spoken("Hello there."),
];

const models = ["anthropic/claude-sonnet-5", "openai/gpt-5.4", "openai-compatible/scripted-1"] as const;
const paths = ["direct", "queue"] as const;
const cases = paths.flatMap((path) => models.map((model) => ({ path, model })));

/** Answers of all vendors; their streams wait at the first piece of text until `release` is called. */
function holdBeforeText() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const before: BeforeEvent = (event) =>
    event.type === "response.output_text.delta" || JSON.stringify(event).includes('"text_delta"') ? released : undefined;
  gateway.anthropic.answer(() => ({ blocks, stopReason: "tool_use", before }));
  gateway.openai.answer(() => items, before);
  gateway.vendor.answer(() => ({
    reasoning: ["They want ", "a greeting."],
    text: ["Hello", " there."],
    before: (chunk) => (JSON.stringify(chunk).includes('"content":"Hello"') ? released : undefined),
  }));
  return release;
}

const held = { "x-nocp-stream": "held" };

describe("the Messages API", () => {
  const bodyOf = (model: string): MessageCreateParamsNonStreaming => ({
    model,
    max_tokens: 5_000,
    messages: [{ role: "user", content: "Greet me." }],
    tools: [weather],
    thinking: { type: "enabled", budget_tokens: 2_000 },
  });

  test.each(cases)("streams the same as it answers whole ($path, $model)", async ({ path, model }) => {
    const release = holdBeforeText();
    const headers = { "x-nocp-path": path };
    const thoughts: string[] = [];
    const stream = gateway.messagesClient.messages.stream(bodyOf(model), { headers });
    stream.on("thinking", (delta) => void thoughts.push(delta));
    const isAnthropic = model.startsWith("anthropic/");
    stream.on("thinking", () => release());
    // Another vendor's thoughts are no blocks of Anthropic's, and so nothing that the client would see first.
    if (!isAnthropic) release();
    const streamed = await stream.finalMessage();
    const whole = await gateway.messagesClient.messages.create(bodyOf(model), { headers });
    const late = await gateway.messagesClient.messages.stream(bodyOf(model), { headers: { ...headers, ...held } }).finalMessage();
    expect(streamed.content).toEqual(whole.content);
    expect(late.content).toEqual(whole.content);
    expect(streamed.usage).toMatchObject({
      input_tokens: whole.usage.input_tokens,
      output_tokens: whole.usage.output_tokens,
      cache_read_input_tokens: whole.usage.cache_read_input_tokens,
    });
    expect(streamed.stop_reason).toBe(whole.stop_reason);
    if (!isAnthropic) expect(whole.content).toMatchObject([{ type: "text", text: "Hello there." }]);
    else expect(whole.content).toMatchObject(blocks);
    expect(thoughts.length).toBe(isAnthropic ? 7 : 0);
  });

  test("gets an error event when another answer begins with another thought, and no blocks of it", async () => {
    let calls = 0;
    const broken = { type: "error", error: { type: "api_error", message: "broken" } };
    const lastText = '"text_delta"';
    gateway.anthropic.answer(() => {
      calls += 1;
      const thinking = { type: "thinking", thinking: `Thought ${calls}.`, signature: "c2lnbmVk" };
      const fails: BeforeEvent = (event) => {
        if (calls > 1 || !JSON.stringify(event).includes(lastText)) return undefined;
        Object.assign(event, broken);
        return undefined;
      };
      return { blocks: [thinking, { type: "text", text: "Hello." }], before: fails };
    });
    const blocksSeen: string[] = [];
    const stream = gateway.messagesClient.messages.stream(bodyOf(models[0]));
    stream.on("contentBlock", ({ type }) => void blocksSeen.push(type));
    await expect(stream.finalMessage()).rejects.toThrow(/does not continue what was sent/);
    expect(calls).toBeGreaterThan(1);
    expect(blocksSeen).toEqual(["thinking"]);
  });
});

describe("Chat Completions", () => {
  type Thinking = { reasoning_content?: string | null };
  const bodyOf = (model: string) => ({ model, messages: [{ role: "user" as const, content: "Greet me." }] });

  // OpenAI's models are asked in the client's own API, which shows no thoughts.
  const thinking = cases.filter(({ model }) => !model.startsWith("openai/"));
  test.each(thinking)("streams the same as it answers whole ($path, $model)", async ({ path, model }) => {
    const release = holdBeforeText();
    const headers = { "x-nocp-path": path };
    const streamOf = async (more: Readonly<Record<string, string>>) => {
      const said = { content: "", reasoning: "" };
      const stream = await gateway.openaiClient.chat.completions.create(
        { ...bodyOf(model), stream: true },
        { headers: { ...headers, ...more } },
      );
      for await (const { choices } of stream) {
        const delta: (ChatCompletionChunk.Choice.Delta & Thinking) | undefined = choices[0]?.delta;
        said.content += delta?.content ?? "";
        said.reasoning += delta?.reasoning_content ?? "";
        if (delta?.reasoning_content) release();
      }
      return said;
    };
    const streamed = await streamOf({});
    const late = await streamOf(held);
    const whole = await gateway.openaiClient.chat.completions.create(bodyOf(model), { headers });
    const message: (ChatCompletionMessage & Thinking) | undefined = whole.choices[0]?.message;
    expect(streamed).toEqual({ content: message?.content, reasoning: message?.reasoning_content });
    expect(late).toEqual(streamed);
    expect(streamed.reasoning).toMatch(/^They want a greeting/);
  });

  test.each([
    ["continues", "They want a greeting.", undefined],
    ["ends in an error", "Another thought.", /does not continue what was sent/],
  ])("%s when the model breaks off and then thinks: %s", async (_what, second, error) => {
    let calls = 0;
    const { promise: seen, resolve: see } = Promise.withResolvers<void>();
    gateway.vendor.answer(() => {
      calls += 1;
      if (calls > 1) return { reasoning: [second], text: ["Hello."] };
      // Breaks off when the client has seen its thought.
      const before = (chunk: object) => (JSON.stringify(chunk).includes('"…"') ? seen : undefined);
      return { reasoning: ["They want", "…"], breaksOff: true, before };
    });
    const stream = await gateway.openaiClient.chat.completions.create({ ...bodyOf(models[2]), stream: true });
    let said = "";
    const read = async () => {
      for await (const { choices } of stream) {
        const delta: (ChatCompletionChunk.Choice.Delta & Thinking) | undefined = choices[0]?.delta;
        said += (delta?.reasoning_content ?? "") + (delta?.content ?? "");
        if (said !== "") see();
      }
    };
    if (error) await expect(read()).rejects.toThrow(error);
    else await read();
    expect(calls).toBeGreaterThan(1);
    expect(said.startsWith("They want")).toBe(true);
  });
});

describe("the Responses API", () => {
  const bodyOf = (model: string) => ({ model, input: "Greet me." });
  const outputOf = ({ output }: { output: readonly object[] }) =>
    output.map((item) => ({ ...item, id: "type" in item && item.type === "message" ? "msg" : "id" in item && item.id }));

  test.each(cases)("streams the same as it answers whole ($path, $model)", async ({ path, model }) => {
    const release = holdBeforeText();
    const headers = { "x-nocp-path": path };
    const isOpenAi = model.startsWith("openai/");
    if (!isOpenAi) release();
    const told: Record<string, string> = {};
    const done: object[] = [];
    const stream = gateway.openaiClient.responses.stream(bodyOf(model), { headers });
    for await (const event of stream) {
      if (event.type === "response.reasoning_summary_text.delta" || event.type === "response.reasoning_text.delta") {
        told[event.type] = (told[event.type] ?? "") + event.delta;
        release();
      }
      if (event.type === "response.output_item.done") done.push(event.item);
    }
    const streamed = await stream.finalResponse();
    const whole = await gateway.openaiClient.responses.create(bodyOf(model), { headers });
    const late = await gateway.openaiClient.responses.stream(bodyOf(model), { headers: { ...headers, ...held } }).finalResponse();
    expect(outputOf({ output: done })).toEqual(outputOf(whole));
    expect(outputOf(streamed)).toMatchObject(outputOf(whole));
    expect(outputOf(late)).toMatchObject(outputOf(whole));
    if (!isOpenAi) return;
    expect(whole.output.slice(0, -1)).toEqual(items.slice(0, -1));
    expect(told).toEqual({
      "response.reasoning_summary_text.delta": "They want a greeting. And then?",
      "response.reasoning_text.delta": "Be polite.",
    });
  });
});

describe("a model whose chat template opens the reasoning, and whose answer has its end alone", () => {
  const thought = "They want\na greeting.";
  const pieces = ["They want", "\na greeting.\n</th", "ink>\n", "\nHello", " there."];
  const messages = [{ role: "user" as const, content: "Greet me." }];
  const models = { told: "templated/told-1", unknown: "templated/unknown-1" } as const;
  beforeEach(() => gateway.vendor.answer(() => ({ text: pieces })));

  type Headers = Readonly<Record<string, string>>;
  type Said = { content?: string | null; reasoning_content?: string | null };

  async function streamedChat(model: string, headers: Headers) {
    const said = { content: "", reasoning: "" };
    const stream = await gateway.openaiClient.chat.completions.create({ model, messages, stream: true }, { headers });
    for await (const { choices } of stream) {
      const delta: Said | undefined = choices[0]?.delta;
      said.content += delta?.content ?? "";
      said.reasoning += delta?.reasoning_content ?? "";
    }
    return said;
  }
  async function wholeChat(model: string, headers: Headers) {
    const { choices } = await gateway.openaiClient.chat.completions.create({ model, messages }, { headers });
    const message: Said | undefined = choices[0]?.message;
    return { content: message?.content, reasoning: message?.reasoning_content ?? "" };
  }
  const messagesBody = (model: string): MessageCreateParamsNonStreaming => ({ model, max_tokens: 500, messages });
  const textsOf = ({ content }: Anthropic.Message) => content.map((block) => ("text" in block ? block.text : block));
  const responsesBody = (model: string) => ({ model, input: "Greet me." });

  test.each(paths)("is taken apart in each API, streamed, held and whole, where the settings name it (%s)", async (path) => {
    const headers = { "x-nocp-path": path };
    const apart = { content: "Hello there.", reasoning: thought };
    expect(await streamedChat(models.told, headers)).toEqual(apart);
    expect(await streamedChat(models.told, { ...headers, ...held })).toEqual(apart);
    expect(await wholeChat(models.told, headers)).toEqual(apart);
    for (const more of [{}, held]) {
      const request = { headers: { ...headers, ...more } };
      const message = await gateway.messagesClient.messages.stream(messagesBody(models.told), request).finalMessage();
      expect(textsOf(message)).toEqual([apart.content]);
      const response = await gateway.openaiClient.responses.stream(responsesBody(models.told), request).finalResponse();
      expect(response.output_text).toBe(apart.content);
    }
    expect(textsOf(await gateway.messagesClient.messages.create(messagesBody(models.told), { headers }))).toEqual([
      apart.content,
    ]);
    const response = await gateway.openaiClient.responses.create(responsesBody(models.told), { headers });
    expect(response.output_text).toBe(apart.content);
  });

  test.each(paths)("streams the reasoning as text where they do not, and ends without an error (%s)", async (path) => {
    const headers = { "x-nocp-path": path };
    const text = pieces.join("");
    expect(await streamedChat(models.unknown, headers)).toEqual({ content: text, reasoning: "" });
    const message = await gateway.messagesClient.messages.stream(messagesBody(models.unknown), { headers }).finalMessage();
    expect(textsOf(message)).toEqual([text]);
    const response = await gateway.openaiClient.responses.stream(responsesBody(models.unknown), { headers }).finalResponse();
    expect(response.output_text).toBe(text);
    const apart = { content: "Hello there.", reasoning: thought };
    expect(await streamedChat(models.unknown, { ...headers, ...held })).toEqual(apart);
    expect(await wholeChat(models.unknown, headers)).toEqual(apart);
  });

  test("answers where it did not think, and nothing closes what its template has opened", async () => {
    gateway.vendor.answer(() => ({ text: ["Hello", " there."] }));
    const streamed = await streamedChat(models.told, {});
    expect(streamed.content).toBe("Hello there.");
    expect(await wholeChat(models.told, {})).toEqual(streamed);
  });
});
