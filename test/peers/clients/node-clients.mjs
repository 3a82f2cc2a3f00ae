// Packages for Node against NOCP's HTTP API. Runs from a folder in which they are installed; prints one line of JSON a scenario.
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool as langchainTool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { Client as McpClient, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { generateText, Output, stepCountIs, streamText, tool } from "ai";
import OpenAI from "openai";
import { z } from "zod";

const url = process.env.NOCP_URL;
const model = process.env.NOCP_MODEL;
const [wanted] = process.argv.slice(2);

const weatherSchema = z.object({ city: z.string() });
const reportSchema = z.object({ city: z.string(), degrees: z.number() });
const weatherOf = ({ city }) => `3 degrees in ${city}`;
const weatherParameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const reportParameters = {
  type: "object",
  properties: { city: { type: "string" }, degrees: { type: "number" } },
  required: ["city", "degrees"],
  additionalProperties: false,
};

async function piecesOf(stream, textOf = (piece) => piece) {
  const pieces = [];
  for await (const piece of stream) if (textOf(piece)) pieces.push(textOf(piece));
  return { text: pieces.join(""), isStreamed: pieces.length > 1 };
}

/** Reads until something came, and then gives up. */
async function cancelled(start) {
  const abort = new AbortController();
  try {
    for await (const _piece of await start(abort.signal)) abort.abort();
  } catch {
    // Some clients throw, others end.
  }
  return { isCancelled: abort.signal.aborted };
}

const failure = (error, status = error.status ?? error.statusCode) => ({ status, message: String(error.message) });

function aiSdk(languageModel) {
  const own = { model: languageModel, maxRetries: 0, maxOutputTokens: 200 };
  const tools = {
    weather: tool({
      description: "The weather of a city.",
      inputSchema: weatherSchema,
      execute: async (input) => weatherOf(input),
    }),
  };
  const ofSteps = stepCountIs(4);
  return {
    chat: async () => ({ text: (await generateText({ ...own, prompt: "chat" })).text }),
    stream: () => piecesOf(streamText({ ...own, prompt: "stream" }).textStream),
    tools: async () => ({ text: (await generateText({ ...own, prompt: "tools", tools, stopWhen: ofSteps })).text }),
    structured: async () => {
      const { output } = await generateText({ ...own, prompt: "structured", output: Output.object({ schema: reportSchema }) });
      return output;
    },
    error: () => generateText({ ...own, prompt: "error" }).then(() => "no error", failure),
    cancel: () => cancelled((abortSignal) => streamText({ ...own, prompt: "cancel", abortSignal, onError: () => {} }).textStream),
  };
}

function openaiChat() {
  const client = new OpenAI({ apiKey: "any", baseURL: `${url}/v1`, maxRetries: 0 });
  const ask = (content, rest = {}) => client.chat.completions.create({ model, messages: [{ role: "user", content }], ...rest });
  const weather = { type: "function", function: { name: "weather", description: "The weather.", parameters: weatherParameters } };
  return {
    chat: async () => ({ text: (await ask("chat")).choices[0].message.content }),
    stream: async () => piecesOf(await ask("stream", { stream: true }), ({ choices }) => choices[0]?.delta.content),
    tools: async () => {
      const messages = [{ role: "user", content: "tools" }];
      const { message } = (await client.chat.completions.create({ model, messages, tools: [weather] })).choices[0];
      const results = message.tool_calls.map((call) => ({
        role: "tool",
        tool_call_id: call.id,
        content: weatherOf(JSON.parse(call.function.arguments)),
      }));
      const rest = { model, tools: [weather], messages: [...messages, message, ...results] };
      return { text: (await client.chat.completions.create(rest)).choices[0].message.content };
    },
    structured: async () => {
      const json_schema = { name: "report", strict: true, schema: reportParameters };
      const { choices } = await ask("structured", { response_format: { type: "json_schema", json_schema } });
      return JSON.parse(choices[0].message.content);
    },
    error: () => ask("error").then(() => "no error", failure),
    cancel: () =>
      cancelled((signal) =>
        client.chat.completions.create({ model, stream: true, messages: [{ role: "user", content: "cancel" }] }, { signal }),
      ),
  };
}

function openaiResponses() {
  const client = new OpenAI({ apiKey: "any", baseURL: `${url}/v1`, maxRetries: 0 });
  const weather = { type: "function", name: "weather", description: "The weather.", parameters: weatherParameters, strict: true };
  const ask = (input, rest = {}, options = {}) => client.responses.create({ model, input, ...rest }, options);
  return {
    chat: async () => ({ text: (await ask("chat")).output_text }),
    stream: async () =>
      piecesOf(await ask("stream", { stream: true }), (event) =>
        event.type === "response.output_text.delta" ? event.delta : "",
      ),
    tools: async () => {
      const asked = await ask("tools", { tools: [weather] });
      const results = asked.output
        .filter(({ type }) => type === "function_call")
        .map((call) => ({
          type: "function_call_output",
          call_id: call.call_id,
          output: weatherOf(JSON.parse(call.arguments)),
        }));
      return { text: (await ask(results, { tools: [weather], previous_response_id: asked.id })).output_text };
    },
    structured: async () => {
      const format = { type: "json_schema", name: "report", strict: true, schema: reportParameters };
      return JSON.parse((await ask("structured", { text: { format } })).output_text);
    },
    error: () => ask("error").then(() => "no error", failure),
    cancel: () => cancelled((signal) => ask("cancel", { stream: true }, { signal })),
  };
}

function anthropicMessages() {
  const client = new Anthropic({ apiKey: "any", baseURL: url, maxRetries: 0 });
  const weather = { name: "weather", description: "The weather.", input_schema: weatherParameters };
  const ask = (content, rest = {}, options = {}) =>
    client.messages.create({ model, max_tokens: 200, messages: [{ role: "user", content }], ...rest }, options);
  const textOf = ({ content }) => content.map((block) => block.text ?? "").join("");
  return {
    chat: async () => ({ text: textOf(await ask("chat")) }),
    stream: async () => piecesOf(await ask("stream", { stream: true }), (event) => event.delta?.text),
    tools: async () => {
      const asked = await ask("tools", { tools: [weather] });
      const results = asked.content
        .filter(({ type }) => type === "tool_use")
        .map(({ id, input }) => ({ type: "tool_result", tool_use_id: id, content: weatherOf(input) }));
      const messages = [
        { role: "user", content: "tools" },
        { role: "assistant", content: asked.content },
        { role: "user", content: results },
      ];
      return { text: textOf(await ask("", { tools: [weather], messages })) };
    },
    structured: async () => {
      const format = { type: "json_schema", schema: reportParameters };
      return JSON.parse(textOf(await ask("structured", { output_config: { format } })));
    },
    error: () => ask("error").then(() => "no error", failure),
    cancel: () => cancelled((signal) => ask("cancel", { stream: true }, { signal })),
  };
}

function langchain() {
  const chat = new ChatOpenAI({ model, apiKey: "any", maxRetries: 0, configuration: { baseURL: `${url}/v1` } });
  const weather = langchainTool(weatherOf, { name: "weather", description: "The weather of a city.", schema: weatherSchema });
  return {
    chat: async () => ({ text: (await chat.invoke("chat")).text }),
    stream: async () => piecesOf(await chat.stream("stream"), ({ text }) => text),
    tools: async () => {
      const bound = chat.bindTools([weather]);
      const messages = [new HumanMessage("tools")];
      const asked = await bound.invoke(messages);
      const results = asked.tool_calls.map(({ id, args }) => new ToolMessage({ tool_call_id: id, content: weatherOf(args) }));
      return { text: (await bound.invoke([...messages, asked, ...results])).text };
    },
    structured: () => chat.withStructuredOutput(reportSchema, { name: "report" }).invoke("structured"),
    error: () => chat.invoke("error").then(() => "no error", failure),
    cancel: () => cancelled((signal) => chat.stream("cancel", { signal })),
  };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const linesOf = (text) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

function openaiBatches() {
  const client = new OpenAI({ apiKey: "any", baseURL: `${url}/v1`, maxRetries: 0 });
  const endpoint = "/v1/chat/completions";
  const lineOf = (content) =>
    JSON.stringify({ custom_id: content, method: "POST", url: endpoint, body: { model, messages: [{ role: "user", content }] } });
  return {
    batch: async () => {
      const file = new File([["chat", "error"].map(lineOf).join("\n")], "lines.jsonl");
      const { id: input_file_id } = await client.files.create({ purpose: "batch", file });
      let batch = await client.batches.create({ input_file_id, endpoint, completion_window: "24h" });
      while (!["completed", "failed", "expired", "cancelled"].includes(batch.status)) {
        await pause(200);
        batch = await client.batches.retrieve(batch.id);
      }
      const contentOf = async (id) => linesOf(await (await client.files.content(id)).text());
      const answers = await contentOf(batch.output_file_id);
      const refused = await contentOf(batch.error_file_id);
      return {
        status: batch.status,
        answers: answers.map(({ response }) => response.body.choices[0].message.content),
        refused: refused.map(({ response }) => response.body.error.message.match(/the scripted vendor refuses/)?.[0]),
      };
    },
  };
}

async function mcp() {
  const client = new McpClient({ name: "peer", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  const ask = (question) => client.callTool({ name: "ask", arguments: { question, model } }, { timeout: 120_000 });
  return {
    chat: async () => ({ text: (await ask("chat")).structuredContent.answer }),
    tools: async () => {
      const { tools: offered } = await client.listTools();
      const compress = offered.find(({ name }) => name === "compress");
      const arguments_ = { texts: [{ text: "It is 3 degrees in Oslo." }], question: "How cold is Oslo?", mode: "lossless" };
      const { structuredContent } = await client.callTool({ name: compress.name, arguments: arguments_ }, { timeout: 120_000 });
      return { text: structuredContent.text };
    },
    error: async () => {
      const { isError, content } = await ask("error");
      return { status: isError ? 400 : 200, message: content[0].text };
    },
  };
}

const clients = {
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  "anthropic-messages": anthropicMessages,
  "ai-openai-chat": () => aiSdk(createOpenAI({ apiKey: "any", baseURL: `${url}/v1` }).chat(model)),
  "ai-openai-responses": () => aiSdk(createOpenAI({ apiKey: "any", baseURL: `${url}/v1` }).responses(model)),
  "ai-anthropic-messages": () => aiSdk(createAnthropic({ apiKey: "any", baseURL: `${url}/v1` })(model)),
  "langchain-chat": langchain,
  "openai-batches": openaiBatches,
  mcp,
};

for (const [scenario, run] of Object.entries(await clients[wanted]())) {
  const outcome = await run().catch((error) => ({ unexpected: `${error.name}: ${error.message}` }));
  console.log(JSON.stringify({ scenario, outcome }));
}
process.exit(0);
