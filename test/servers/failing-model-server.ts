// A server that speaks Chat Completions and breaks on purpose, as the model's name says: `<fault>-<anything>`. It keeps a log.
//
// The faults are those of failoverbench's catalogue (https://github.com/failoverbench/failoverbench, methodology 0.1).
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type HttpCall, startHttpTestServer } from "./http-test-server.ts";

export const faults = [
  "none",
  "no-prefill",
  "429-retry-after-once",
  "429-persistent",
  "500-once",
  "503-persistent",
  "reset-once",
  "no-response",
  "slow-first-token",
  "stream-cut",
  "stream-stall",
  "malformed-chunk",
  "no-done",
  "context-length",
  "content-filter",
  "flap",
] as const;
export type Fault = (typeof faults)[number];

/** Milliseconds, but for `Retry-After`, which holds whole seconds. */
export interface FaultTimes {
  readonly retryAfterSeconds: number;
  readonly slowFirstToken: number;
  readonly stall: number;
  readonly noResponse: number;
  readonly flap: number;
  readonly betweenTokens: number;
}

export interface SeenCall {
  readonly model: string;
  /** Milliseconds, by the process's own clock. */
  readonly at: number;
  readonly failed: boolean;
}

export interface FailingModelServer {
  /** With the version. */
  readonly baseUrl: string;
  callsOf(model: string): readonly SeenCall[];
  close(): Promise<void>;
}

const tokens = 60;
const cutAfter = 40;
const stallAfter = 20;
const malformedAt = 10;

/** What a model answers: sixty words, and no two models the same. */
export const answerOf = (model: string): string =>
  Array.from({ length: tokens }, (_, index) => `${model.length % 7}${model.at(-1)}w${index}`).join(" ");

/** The name of a model with a fault; `own` tells it from others of the same fault. */
export const modelWith = (fault: Fault, own: string): string => `${fault}:${own}`;
const faultOf = (model: string): Fault => faults.find((fault) => model.startsWith(`${fault}:`)) ?? "none";

const errors: Partial<Record<Fault, readonly [status: number, body: object]>> = {
  "429-retry-after-once": [429, { message: "Rate limit reached.", type: "rate_limit_error", code: "rate_limit_exceeded" }],
  "429-persistent": [429, { message: "Rate limit reached.", type: "rate_limit_error", code: "rate_limit_exceeded" }],
  "500-once": [500, { message: "The server had an error.", type: "server_error", code: null }],
  "503-persistent": [503, { message: "The engine is currently overloaded.", type: "server_error", code: "overloaded" }],
  flap: [503, { message: "The engine is currently overloaded.", type: "server_error", code: "overloaded" }],
  "context-length": [
    400,
    { message: "This model's maximum context length is 8192 tokens.", code: "context_length_exceeded", param: "messages" },
  ],
  "content-filter": [
    400,
    { message: "Your request was rejected as a result of our safety system.", code: "content_policy_violation" },
  ],
};

interface ChatRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string }[];
}

export async function startFailingModelServer(times: FaultTimes): Promise<FailingModelServer> {
  const seen: SeenCall[] = [];
  const callsOf = (model: string) => seen.filter((call) => call.model === model);
  /** Whether this call of the model is one of those that fail before an answer. */
  const failsNow = (fault: Fault, model: string): boolean => {
    if (fault.endsWith("-once")) return callsOf(model).length === 0;
    const [first] = callsOf(model);
    return fault !== "flap" || first === undefined || performance.now() - first.at < times.flap;
  };
  const server = await startHttpTestServer(async (call) => {
    // An exporter of another process may still know the port by its last owner.
    if (!call.request.url?.endsWith("/chat/completions")) return void call.response.writeHead(404).end();
    const asked = JSON.parse(call.body.toString("utf8")) as ChatRequest;
    const fault = faultOf(asked.model);
    const error = errors[fault];
    const isRefusedPrefill = fault === "no-prefill" && asked.messages.at(-1)?.role === "assistant";
    const failed = isRefusedPrefill || ((error !== undefined || fault === "reset-once") && failsNow(fault, asked.model));
    seen.push({ model: asked.model, at: performance.now(), failed });
    if (isRefusedPrefill) return refuse(call.response, 400, { message: "This model does not support prefill." });
    if (failed && fault === "reset-once") return void call.request.socket.resetAndDestroy();
    if (failed && error) {
      if (fault === "429-retry-after-once") call.response.setHeader("retry-after", String(times.retryAfterSeconds));
      return refuse(call.response, ...error);
    }
    if (fault === "no-response") {
      await sleep(times.noResponse, undefined, { signal: call.signal });
      return void call.request.socket.destroy();
    }
    if (asked.stream) return streamAnswer(call, asked.model, fault, times);
    call.response.setHeader("content-type", "application/json");
    const choices = [{ message: { role: "assistant", content: answerOf(asked.model) }, finish_reason: "stop" }];
    call.response.end(JSON.stringify({ model: asked.model, choices, usage }));
  });
  return { baseUrl: `${server.url}/v1`, callsOf, close: server.close };
}

const usage = { prompt_tokens: 100, completion_tokens: tokens, total_tokens: 100 + tokens };

function refuse(response: ServerResponse, status: number, error: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
}

async function streamAnswer({ request, response, signal }: HttpCall, model: string, fault: Fault, times: FaultTimes) {
  const send = (event: object) => response.write(`data: ${JSON.stringify({ model, ...event })}\n\n`);
  const sendDelta = (delta: object, finish_reason: string | null = null) =>
    send({ choices: [{ index: 0, delta, finish_reason }] });
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  if (fault === "slow-first-token") await sleep(times.slowFirstToken, undefined, { signal });
  sendDelta({ role: "assistant", content: "" });
  for (const [index, word] of answerOf(model).split(" ").entries()) {
    if (fault === "stream-cut" && index === cutAfter) return void request.socket.destroy();
    if (fault === "stream-stall" && index === stallAfter) {
      await sleep(times.stall, undefined, { signal });
      return void request.socket.destroy();
    }
    if (fault === "malformed-chunk" && index === malformedAt)
      response.write('data: {"id": "x", "object": "chat.completion.chunk", "choices": [{"delta": {"content": \n\n');
    sendDelta({ content: index === 0 ? word : ` ${word}` });
    await sleep(times.betweenTokens, undefined, { signal });
  }
  sendDelta({}, "stop");
  send({ choices: [], usage });
  response.end(fault === "no-done" ? "" : "data: [DONE]\n\n");
}
