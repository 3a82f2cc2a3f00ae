// A vendor that speaks Chat Completions and does what a test says: answers whole or in pieces, calls tools, refuses, breaks off.
import { setTimeout } from "node:timers/promises";
import { abortable } from "@nocp/contracts/abortable.ts";
import { startHttpTestServer } from "./http-test-server.ts";
import { jsonPieces } from "./messages-vendor.ts";

type Json = Readonly<Record<string, unknown>>;

export interface VendorAnswer {
  /** Pieces of the text, in order. */
  readonly text?: readonly string[];
  /** Pieces of what it thinks, before the text. */
  readonly reasoning?: readonly string[];
  /** Awaited before each chunk of a stream. */
  readonly before?: (chunk: object) => Promise<void> | undefined;
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly finishReason?: string;
  readonly refusal?: string;
  readonly alternatives?: readonly string[];
  /** Instead of an answer. */
  readonly status?: number;
  readonly error?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of any JSON, with the status 200. */
  readonly raw?: string;
  /** The connection is cut after the pieces; without any, before the headers. */
  readonly breaksOff?: boolean;
  /** Between pieces, in milliseconds. */
  readonly pauseMs?: number;
}

export interface VendorCall {
  readonly body: Json;
  readonly path: string;
  /** Resolves when the caller hung up before the answer was complete, or when it is complete. */
  readonly ended: Promise<"complete" | "hung up">;
}

type WriteAnswer = (body: Json, number: number) => VendorAnswer | Promise<VendorAnswer>;

export interface ChatVendor {
  /** With the version. */
  readonly baseUrl: string;
  readonly calls: readonly VendorCall[];
  /** Says how calls are answered from now on. */
  answer(write: WriteAnswer): void;
  close(): Promise<void>;
}

const usage = {
  prompt_tokens: 20,
  completion_tokens: 5,
  total_tokens: 25,
  prompt_tokens_details: { cached_tokens: 8 },
  completion_tokens_details: { reasoning_tokens: 2 },
};

export async function startChatVendor(): Promise<ChatVendor> {
  const calls: VendorCall[] = [];
  let write: WriteAnswer = () => ({ text: ["Hello."] });
  const server = await startHttpTestServer(async ({ request, response, body: sent, signal }) => {
    const body = JSON.parse(sent.toString("utf8")) as Json;
    const { promise: ended, resolve: end } = Promise.withResolvers<"complete" | "hung up">();
    calls.push({ body, path: request.url ?? "", ended });
    response.once("close", () => end(response.writableFinished ? "complete" : "hung up"));
    // A vendor that says nothing stops thinking when its caller has hung up.
    const answer = await abortable(async () => write(body, calls.length), signal);
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { "content-type": "application/json", ...answer.headers }).end(JSON.stringify(value));
    if (answer.status !== undefined) return void json(answer.status, { error: answer.error ?? { message: "refused" } });
    if (answer.raw !== undefined) return void response.writeHead(200, { "content-type": "application/json" }).end(answer.raw);
    if (answer.breaksOff && !((answer.text ?? answer.reasoning ?? answer.toolCalls) && body.stream === true))
      return void response.destroy();
    if (request.url?.endsWith("/embeddings")) return void json(200, embeddings(body));
    if (body.stream !== true) return void json(200, completion(body, answer));
    response.writeHead(200, { "content-type": "text/event-stream", ...answer.headers });
    for (const chunk of chunks(body, answer)) {
      await answer.before?.(chunk);
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      if (answer.pauseMs) await setTimeout(answer.pauseMs, undefined, { signal });
    }
    if (answer.breaksOff) response.destroy();
    else response.end("data: [DONE]\n\n");
  });
  return {
    baseUrl: `${server.url}/v1`,
    calls,
    answer: (next) => {
      write = next;
    },
    close: server.close,
  };
}

/** Two numbers for each text, and as many tokens as it has words. */
function embeddings({ model, input }: Json) {
  const texts = [input].flat().map(String);
  return {
    object: "list",
    model,
    data: texts.map((text, index) => ({ object: "embedding", index, embedding: [text.length, 0.5] })),
    usage: { prompt_tokens: texts.join(" ").split(" ").length, total_tokens: texts.join(" ").split(" ").length },
  };
}

const finishReasonOf = ({ finishReason, toolCalls }: VendorAnswer): string => finishReason ?? (toolCalls ? "tool_calls" : "stop");

const toolCallsOf = ({ toolCalls = [] }: VendorAnswer) =>
  toolCalls.map(({ id, name, arguments: text }, index) => ({ index, id, type: "function", function: { name, arguments: text } }));

function completion({ model }: Json, answer: VendorAnswer) {
  const { text, refusal = null, toolCalls, alternatives = [] } = answer;
  const message = {
    role: "assistant",
    content: text?.join("") ?? null,
    ...(answer.reasoning ? { reasoning_content: answer.reasoning.join("") } : {}),
    refusal,
    ...(toolCalls ? { tool_calls: toolCallsOf(answer) } : {}),
  };
  return {
    id: "chatcmpl-vendor",
    object: "chat.completion",
    created: 1,
    model,
    choices: [
      { index: 0, message, finish_reason: finishReasonOf(answer) },
      ...alternatives.map((content, at) => ({ index: at + 1, message: { role: "assistant", content }, finish_reason: "stop" })),
    ],
    usage,
  };
}

function chunks({ model }: Json, answer: VendorAnswer): object[] {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: "chatcmpl-vendor",
    object: "chat.completion.chunk",
    created: 1,
    model,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const pieces = (answer.text ?? []).map((content) => chunk({ content }));
  const others = (answer.alternatives ?? []).map((content, at) => ({
    ...chunk({}),
    choices: [{ index: at + 1, delta: { role: "assistant", content }, finish_reason: "stop" }],
  }));
  const thoughts = (answer.reasoning ?? []).map((reasoning_content) => chunk({ reasoning_content }));
  const calls = toolCallsOf(answer).flatMap(({ index, function: called, ...call }) => [
    chunk({ tool_calls: [{ index, ...call, function: { ...called, arguments: "" } }] }),
    ...jsonPieces(called.arguments).map((text) => chunk({ tool_calls: [{ index, function: { arguments: text } }] })),
  ]);
  if (answer.breaksOff) return [chunk({ role: "assistant", content: "" }), ...thoughts, ...pieces, ...calls.slice(0, -1)];
  return [
    chunk({ role: "assistant", content: "" }),
    ...thoughts,
    ...pieces,
    ...(answer.refusal === undefined ? [] : [chunk({ refusal: answer.refusal })]),
    ...others,
    ...calls,
    chunk({}, finishReasonOf(answer)),
    { id: "chatcmpl-vendor", object: "chat.completion.chunk", created: 1, model, choices: [], usage },
  ];
}
