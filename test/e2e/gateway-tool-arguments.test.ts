// Calls of tools as the model writes them: the vendors' own clients, each API before each vendor, on each path; the queue's
// stages are chained in one process. A held answer and a streamed one are the same, and a stream is live: the vendor does not
// go on with the arguments before the client has seen their beginning.
import type OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { useVendorsDeployment } from "../fixtures/vendors-deployment.ts";
import type { BeforeEvent } from "../servers/messages-vendor.ts";

const gateway = useVendorsDeployment(() => ({ NOCP_GATEWAY_PATH: "direct" }), { chain: true });

const models = ["anthropic/claude-sonnet-5", "openai/gpt-5.4", "openai-compatible/scripted-1"] as const;
const paths = ["direct", "queue"] as const;
const cases = paths.flatMap((path) => models.map((model) => ({ path, model })));
const held = { "x-nocp-stream": "held" };
const schema = { type: "object" as const, properties: { city: { type: "string" as const } } };

const inputs = [
  { city: "Oslo", days: 2 },
  { city: "Århus", days: 3 },
];
const written = inputs.map((input) => JSON.stringify(input));

/** Two calls from all vendors; their streams wait within the first one's arguments until `release` is called. */
function holdWithinArguments() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const before: BeforeEvent = (event) => (/delta/.test(event.type) && /days/.test(JSON.stringify(event)) ? released : undefined);
  const blocks = inputs.map((input, at) => ({ type: "tool_use", id: `toolu_${at}`, name: "weather", input }));
  gateway.anthropic.answer(() => ({
    blocks: [{ type: "text", text: "Let me look." }, ...blocks],
    stopReason: "tool_use",
    before,
  }));
  const items = written.map((text, at) => ({
    ...{ type: "function_call", id: `fc_${at}`, call_id: `call_${at}`, name: "weather" },
    arguments: text,
  }));
  gateway.openai.answer(() => items, before);
  gateway.vendor.answer(() => ({
    text: ["Let me", " look."],
    toolCalls: inputs.map((input, at) => ({ id: `call_${at}`, name: "weather", arguments: JSON.stringify(input, null, 1) })),
    before: (chunk) => (/days/.test(JSON.stringify(chunk)) ? released : undefined),
  }));
  return release;
}

describe("Chat Completions", () => {
  const tools = [{ type: "function" as const, function: { name: "weather", parameters: schema } }];
  const bodyOf = (model: string) => ({ model, tools, messages: [{ role: "user" as const, content: "Rain?" }] });

  // OpenAI's models are asked in the client's own API, which the other vendor speaks already.
  const others = cases.filter(({ model }) => !model.startsWith("openai/"));
  test.each(others)("streams the same as it answers whole ($path, $model)", async ({ path, model }) => {
    const release = holdWithinArguments();
    const headers = { "x-nocp-path": path };
    const stream = gateway.openaiClient.chat.completions.stream(bodyOf(model), { headers });
    const fragments: string[] = [];
    stream.on("tool_calls.function.arguments.delta", ({ arguments_delta, index }) => {
      fragments.push(`${index}${arguments_delta}`);
      if (arguments_delta.includes("Oslo")) release();
    });
    const streamed = (await stream.finalChatCompletion()).choices[0]!;
    const whole = (await gateway.openaiClient.chat.completions.create(bodyOf(model), { headers })).choices[0]!;
    const late = gateway.openaiClient.chat.completions.stream(bodyOf(model), { headers: { ...headers, ...held } });
    const calls = whole.message.tool_calls ?? [];
    expect(calls.map((call) => call.type === "function" && call.function.arguments)).toEqual(written);
    expect(streamed.message.tool_calls).toMatchObject(calls);
    expect((await late.finalChatCompletion()).choices[0]!.message.tool_calls).toMatchObject(calls);
    expect([streamed.finish_reason, streamed.message.content]).toEqual([whole.finish_reason, whole.message.content]);
    expect(fragments.length).toBeGreaterThan(4);
  });

  test.each([
    ["continues", { city: "Oslo", days: 2 }, undefined],
    ["ends in an error", { city: "Rome", days: 2 }, /does not continue what was sent/],
  ])("%s when the model breaks off and then calls with %o", async (_what, second, error) => {
    let calls = 0;
    const { promise: seen, resolve: see } = Promise.withResolvers<void>();
    gateway.vendor.answer(() => {
      calls += 1;
      const toolCalls = [{ id: `call_${calls}`, name: "weather", arguments: JSON.stringify(calls > 1 ? second : inputs[0]) }];
      if (calls > 1) return { toolCalls };
      // Breaks off when the client has seen the city.
      return { toolCalls, breaksOff: true, before: (chunk) => (/days/.test(JSON.stringify(chunk)) ? seen : undefined) };
    });
    const stream = gateway.openaiClient.chat.completions.stream(bodyOf(models[2]));
    const fragments: string[] = [];
    stream.on("tool_calls.function.arguments.delta", ({ arguments_delta }) => {
      fragments.push(arguments_delta);
      if (arguments_delta.includes("Oslo")) see();
    });
    const final = stream.finalChatCompletion();
    if (error) await expect(final).rejects.toThrow(error);
    else {
      const [call] = (await final).choices[0]!.message.tool_calls ?? [];
      expect(call).toMatchObject({ id: "call_1", function: { arguments: written[0] } });
      expect(fragments.join("")).toBe(written[0]);
    }
    expect(calls).toBeGreaterThan(1);
    expect(fragments.join("")).toContain('{"city":"Oslo",');
  });

  test("has ids that are valid in the next turn, whatever NOCP's own tools do", async () => {
    const headers = { "x-nocp-compression": "auto" };
    holdWithinArguments()();
    const stream = gateway.openaiClient.chat.completions.stream(bodyOf(models[2]), { headers });
    const asked = (await stream.finalChatCompletion()).choices[0]!.message;
    const calls = asked.tool_calls ?? [];
    for (const { id } of calls) expect(id).toMatch(/^nocp_/);
    gateway.vendor.answer(() => ({ text: ["Rain."] }));
    const results = calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: "rain" }));
    const messages = [...bodyOf("").messages, asked, ...results];
    const { choices } = await gateway.openaiClient.chat.completions.create({ ...bodyOf(models[2]), messages }, { headers });
    expect(choices[0]!.message.content).toBe("Rain.");
    const sent = gateway.vendor.calls.at(-1)!.body.messages as { tool_calls?: { id: string }[]; tool_call_id?: string }[];
    const ids = calls.map(({ id }) => id);
    expect(sent.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id))).toEqual(ids);
    expect(sent.flatMap(({ tool_call_id = [] }) => tool_call_id)).toEqual(ids);
  });
});

describe("the Messages API", () => {
  const tools = [{ name: "weather", input_schema: schema }];
  const bodyOf = (model: string) => ({
    model,
    tools,
    max_tokens: 1_000,
    messages: [{ role: "user" as const, content: "Rain?" }],
  });

  test.each(cases)("streams the same as it answers whole ($path, $model)", async ({ path, model }) => {
    const release = holdWithinArguments();
    const headers = { "x-nocp-path": path };
    const stream = gateway.messagesClient.messages.stream(bodyOf(model), { headers });
    const fragments: string[] = [];
    stream.on("inputJson", (fragment) => {
      fragments.push(fragment);
      if (fragments.join("").includes("Oslo")) release();
    });
    const streamed = await stream.finalMessage();
    const whole = await gateway.messagesClient.messages.create(bodyOf(model), { headers });
    const late = await gateway.messagesClient.messages.stream(bodyOf(model), { headers: { ...headers, ...held } }).finalMessage();
    expect(whole.content.flatMap((block) => (block.type === "tool_use" ? [block.input] : []))).toEqual(inputs);
    expect(streamed.content).toEqual(whole.content);
    expect(late.content).toEqual(whole.content);
    expect(streamed.stop_reason).toBe(whole.stop_reason);
    expect(fragments.join("")).toBe(written.join(""));
    expect(fragments.length).toBeGreaterThan(4);
  });
});

describe("the Responses API", () => {
  const tools: OpenAI.Responses.Tool[] = [
    { type: "function", name: "weather", parameters: schema, strict: false },
    { type: "custom", name: "apply_patch" },
  ];
  const bodyOf = (model: string) => ({ model, input: "Rain?", tools });

  test.each(cases)("streams the same as it answers whole ($path, $model)", async ({ path, model }) => {
    const release = holdWithinArguments();
    const headers = { "x-nocp-path": path };
    const done: object[] = [];
    const fragments: string[] = [];
    const stream = gateway.openaiClient.responses.stream(bodyOf(model), { headers });
    for await (const event of stream) {
      if (event.type === "response.function_call_arguments.delta") {
        fragments.push(event.delta);
        if (fragments.join("").includes("Oslo")) release();
      }
      if (event.type === "response.output_item.done") done.push(event.item);
    }
    const whole = await gateway.openaiClient.responses.create(bodyOf(model), { headers });
    const late = await gateway.openaiClient.responses.stream(bodyOf(model), { headers: { ...headers, ...held } }).finalResponse();
    const calls = whole.output.filter(({ type }) => type === "function_call");
    expect(calls).toMatchObject(written.map((text) => ({ name: "weather", arguments: text })));
    expect(done.slice(-2)).toEqual(calls);
    expect((await stream.finalResponse()).output.slice(-2)).toMatchObject(calls);
    expect(late.output.slice(-2)).toMatchObject(calls);
    expect(fragments.join("")).toBe(written.join(""));
    expect(fragments.length).toBeGreaterThan(4);
  });

  const patch = '*** Begin Patch,\n+ "Oslo" \\ days\n*** End';
  test.each(models.slice(1))("streams the free text of a tool (%s)", async (model) => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const holds = (event: object) =>
      /"delta"/.test(JSON.stringify(event)) && /days/.test(JSON.stringify(event)) ? released : undefined;
    const named = { call_id: "call_1", name: "apply_patch" };
    gateway.openai.answer(() => [{ type: "custom_tool_call", id: "ctc_1", ...named, input: patch }], holds);
    gateway.vendor.answer(() => ({
      toolCalls: [{ id: "call_1", name: "apply_patch", arguments: JSON.stringify({ input: patch }) }],
      before: (chunk) => (/days/.test(JSON.stringify(chunk)) ? released : undefined),
    }));
    let told = "";
    const stream = gateway.openaiClient.responses.stream(bodyOf(model));
    for await (const event of stream) {
      if (event.type !== "response.custom_tool_call_input.delta") continue;
      told += event.delta;
      if (told.includes("Begin")) release();
    }
    expect(told).toBe(patch);
    const whole = await gateway.openaiClient.responses.create(bodyOf(model));
    expect(whole.output.at(-1)).toMatchObject({ type: "custom_tool_call", input: patch });
    expect((await stream.finalResponse()).output.at(-1)).toEqual(whole.output.at(-1));
  });
});
