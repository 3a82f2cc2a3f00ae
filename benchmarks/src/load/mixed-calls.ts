// One call of every kind that the HTTP API takes, to be made over and over: answered, streamed, broken off, kept, in batches.
import { setTimeout } from "node:timers/promises";

/** By name. Each leaves nothing behind at the gateway. @throws Error when the answer is not the expected one. */
export type MixedCalls = Readonly<Record<string, (index: number) => Promise<void>>>;

/** @param brokenOffAfterMs how long a client that breaks off waits: shorter than the model takes. */
export function createMixedCalls(gatewayUrl: string, model: string, brokenOffAfterMs: number): MixedCalls {
  const send: Send = async (method, path, body, signal) => {
    const response = await fetch(`${gatewayUrl}${path}`, { method, ...sent(body), ...(signal ? { signal } : {}) });
    if (response.ok) return response;
    throw Object.assign(new Error(`${method} ${path}: ${await response.text()}`), { code: String(response.status) });
  };
  const chat = (index: number, more: object = {}) => ({ model, messages: conversation(index), ...more });
  const breakOff = async (body: object): Promise<void> => {
    const signal = AbortSignal.timeout(brokenOffAfterMs);
    await send("POST", "/v1/chat/completions", body, signal)
      .then((response) => response.text())
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
  };
  return {
    chat: async (index) => void (await (await send("POST", "/v1/chat/completions", chat(index))).json()),
    stream: async (index) => {
      const text = await (await send("POST", "/v1/chat/completions", chat(index, { stream: true }))).text();
      if (!text.endsWith("data: [DONE]\n\n")) throw new Error(`the stream ended with ${text.slice(-200)}`);
    },
    "broken off": (index) => breakOff(chat(index)),
    "stream broken off": (index) => breakOff(chat(index, { stream: true })),
    messages: async (index) => {
      const body = { model, max_tokens: 100, stream: true, messages: conversation(index) };
      const text = await (await send("POST", "/v1/messages", body)).text();
      if (!text.includes("event: message_stop")) throw new Error(`the stream ended with ${text.slice(-200)}`);
    },
    responses: async (index) => {
      const { id } = (await (await send("POST", "/v1/responses", { model, input: conversation(index) })).json()) as Named;
      await send("POST", "/v1/responses", { model, input: "And then?", previous_response_id: id, store: false });
      await send("DELETE", `/v1/responses/${id}`);
    },
    compressed: async (index) =>
      void (await (await send("POST", "/v1/chat/completions", chat(index, { nocp: { compression: "auto" } }))).json()),
    compress: async (index) => void (await (await send("POST", "/v1/compress", { model, messages: toolTurns(index) })).json()),
    queued: async (index) =>
      void (await (await send("POST", "/v1/chat/completions", chat(index, { nocp: { path: "queue" } }))).json()),
    batch: (index) => runBatch(send, model, index),
  };
}

interface Named {
  readonly id: string;
}
type Send = (method: string, path: string, body?: object, signal?: AbortSignal) => Promise<Response>;

function sent(body: object | undefined): RequestInit {
  if (body === undefined || body instanceof FormData) return body === undefined ? {} : { body };
  return { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

const conversation = (index: number) => [
  { role: "user", content: `Case ${index}. ${"The launch code is 4711, and nobody asks for it. ".repeat(20)}` },
  { role: "assistant", content: "I see." },
  { role: "user", content: `What is the launch code of case ${index}?` },
];

/** A conversation with the long result of a tool. */
function toolTurns(index: number) {
  const rows = Array.from({ length: 100 }, (_, row) => ({ id: index * 100 + row, state: row % 7 === 0 ? "failed" : "done" }));
  const call = { id: "call_1", type: "function", function: { name: "list_jobs", arguments: "{}" } };
  return [
    { role: "user", content: "Which jobs failed?" },
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: "call_1", content: JSON.stringify(rows, null, 2) },
    { role: "user", content: "Which of them first?" },
  ];
}

const linesOfBatch = 10;
const batchPollMs = 500;
const batchWaitMs = 120_000;

async function runBatch(send: Send, model: string, index: number): Promise<void> {
  const lines = Array.from({ length: linesOfBatch }, (_, line) =>
    JSON.stringify({
      custom_id: `line-${line}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model, messages: conversation(index * linesOfBatch + line) },
    }),
  );
  const form = new FormData();
  form.append("purpose", "batch");
  form.append("file", new Blob([`${lines.join("\n")}\n`]), "lines.jsonl");
  const { id: input } = (await (await send("POST", "/v1/files", form)).json()) as Named;
  const made = { input_file_id: input, endpoint: "/v1/chat/completions", completion_window: "24h" };
  const { id } = (await (await send("POST", "/v1/batches", made)).json()) as Named;
  const until = Date.now() + batchWaitMs;
  for (;;) {
    const batch = (await (await send("GET", `/v1/batches/${id}`)).json()) as { status: string; output_file_id?: string | null };
    if (batch.status === "completed") {
      await (await send("GET", `/v1/files/${batch.output_file_id}/content`)).text();
      for (const file of [input, batch.output_file_id]) await send("DELETE", `/v1/files/${file}`);
      return;
    }
    if (Date.now() > until) throw new Error(`a batch is ${batch.status} after ${batchWaitMs} ms`);
    await setTimeout(batchPollMs);
  }
}
