// OpenAI's own client and its Responses API against the gateway, with all of NOCP and scripted vendors behind it.
import OpenAI from "openai";
import type { FunctionTool, ResponseCreateParamsNonStreaming, ResponseInput } from "openai/resources/responses/responses";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";
import { type ResponsesVendor, spoken, startResponsesVendor } from "../servers/responses-vendor.ts";

let openai: ResponsesVendor;
beforeAll(async () => {
  openai = await startResponsesVendor();
});
const gateway = useGatewayDeployment(() => ({ OPENAI_API_KEY: "test", OPENAI_BASE_URL: openai.baseUrl }));
afterAll(() => openai.close());
let client: OpenAI;
beforeAll(() => {
  client = new OpenAI({ apiKey: "any", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
beforeEach(() => {
  openai.answer(() => [spoken("Hello there.")]);
  gateway.vendor.answer(() => ({ text: ["Hello", " there."] }));
});

const model = "openai/gpt-5.4";
const other = "openai-compatible/scripted-1";
const weather: FunctionTool = {
  type: "function",
  name: "weather",
  description: "The weather of a city.",
  parameters: { type: "object", properties: { city: { type: "string" } } },
  strict: false,
};
const reasoning = { id: "rs_1", type: "reasoning", summary: [], encrypted_content: "c2VjcmV0" };
const call = {
  id: "fc_vendor",
  type: "function_call",
  status: "completed",
  call_id: "call_1",
  name: "weather",
  arguments: '{"city":"Oslo"}',
};
const lastBody = () => openai.bodies.at(-1) ?? {};

describe.each([model, other])("an answer of %s", (named) => {
  test("is a response", async () => {
    const answer = await client.responses.create({ model: named, instructions: "Be brief.", input: "Greet me." });
    expect(answer.output_text).toBe("Hello there.");
    expect(answer).toMatchObject({ object: "response", status: "completed", instructions: "Be brief.", error: null });
    expect(answer.id).toMatch(/^resp_/);
    expect(answer.usage?.total_tokens).toBe((answer.usage?.input_tokens ?? 0) + (answer.usage?.output_tokens ?? 0));
  });

  test("is the same as a stream, with every event that the client needs, in order", async () => {
    const types: string[] = [];
    const numbers: number[] = [];
    const stream = client.responses.stream({ model: named, input: "Greet me." });
    for await (const event of stream) {
      types.push(event.type);
      numbers.push(event.sequence_number);
    }
    const answer = await stream.finalResponse();
    expect(answer.output_text).toBe("Hello there.");
    expect(numbers).toEqual(numbers.map((_, at) => at));
    expect(types.slice(0, 4)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
    ]);
    expect(types.slice(-4)).toEqual([
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
  });

  test("may be a call of the caller's tool, whose output reaches the model through previous_response_id", async () => {
    openai.answer(({ input }) =>
      JSON.stringify(input).includes("function_call_output") ? [spoken("It rains.")] : [reasoning, call],
    );
    gateway.vendor.answer(({ messages }) =>
      JSON.stringify(messages).includes('"tool"')
        ? { text: ["It rains."] }
        : { toolCalls: [{ id: "call_1", name: "weather", arguments: '{"city":"Oslo"}' }] },
    );
    const asked = await client.responses.stream({ model: named, input: "Rain?", tools: [weather] }).finalResponse();
    expect(asked.output.at(-1)).toMatchObject({ type: "function_call", call_id: "call_1", arguments: '{"city":"Oslo"}' });
    const answered = await client.responses.create({
      model: named,
      previous_response_id: asked.id,
      tools: [weather],
      input: [{ type: "function_call_output", call_id: "call_1", output: "rain" }],
    });
    expect(answered.output_text).toBe("It rains.");
    expect(answered.previous_response_id).toBe(asked.id);
  });
});

test("the vendor is sent the client's own body, keeps nothing, and gets its reasoning back", async () => {
  openai.answer(() => [reasoning, call]);
  const body: ResponseCreateParamsNonStreaming = {
    model,
    instructions: "Be brief.",
    input: [
      {
        role: "user",
        content: [
          { type: "input_text", text: "What?" },
          { type: "input_image", detail: "low", image_url: "data:image/png;base64,iVBORw0KGgo=" },
        ],
      },
    ],
    tools: [weather],
    parallel_tool_calls: false,
    text: { verbosity: "low" },
    reasoning: { effort: "high", summary: "auto" },
    max_output_tokens: 500,
    metadata: { team: "a" },
    truncation: "auto",
  };
  const first = await client.responses.create(body);
  const include = ["reasoning.encrypted_content"];
  expect(lastBody()).toEqual({ ...body, model: "gpt-5.4", store: false, include, stream: true });
  const output: ResponseInput = [{ type: "function_call_output", call_id: "call_1", output: "rain" }];
  await client.responses.create({ ...body, previous_response_id: first.id, input: output });
  const { id: _id, status: _status, ...sentCall } = call;
  expect(lastBody().input).toEqual([...(body.input as ResponseInput).map((item) => item), reasoning, sentCall, ...output]);
});

describe("a response that is kept", () => {
  test("can be read, and followed by another model; a deleted one cannot", async () => {
    const first = await client.responses.create({ model, input: "My name is Ann." });
    expect(await client.responses.retrieve(first.id)).toMatchObject({ id: first.id, status: "completed" });
    expect((await client.responses.inputItems.list(first.id)).data).toMatchObject([{ role: "user", content: "My name is Ann." }]);
    await client.responses.create({ model: other, previous_response_id: first.id, input: "Who am I?" });
    expect(gateway.vendor.calls.at(-1)?.body.messages).toMatchObject([
      { role: "user", content: "My name is Ann." },
      { role: "assistant", content: "Hello there." },
      { role: "user", content: "Who am I?" },
    ]);
    await client.responses.delete(first.id);
    await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
    await expect(client.responses.create({ model, previous_response_id: first.id, input: "x" })).rejects.toMatchObject({
      status: 400,
      param: "previous_response_id",
    });
  });

  test("is not kept against its client's will, and no other id names one", async () => {
    const { id } = await client.responses.create({ model, input: "Secret.", store: false });
    for (const wrong of [id, "resp_x", "resp_*", `${id}.>`])
      await expect(client.responses.retrieve(wrong)).rejects.toMatchObject({ status: 404 });
  });
});

describe("errors", () => {
  test.each([
    [{ model, input: "x", background: true }, "background"],
    [{ model, input: "x", tools: [{ type: "file_search" }] }, "tools[0].type"],
    [{ model, input: [{ type: "item_reference", id: "x" }] }, "input[0].type"],
    [{ model, input: "x", conversation: "c" }, "conversation"],
  ])("name the field: %#", async (body, field) => {
    const wrong = client.responses.create(body as unknown as ResponseCreateParamsNonStreaming);
    await expect(wrong).rejects.toMatchObject({ status: 400, param: field });
  });

  test("in mid-stream are an error event", async () => {
    let calls = 0;
    gateway.vendor.answer(() =>
      ++calls === 1 ? { text: ["The answer"], breaksOff: true, pauseMs: 100 } : { text: ["Another one."] },
    );
    await expect(client.responses.stream({ model: other, input: "x" }).finalResponse()).rejects.toThrow(
      /does not continue what was sent/,
    );
  });
});
