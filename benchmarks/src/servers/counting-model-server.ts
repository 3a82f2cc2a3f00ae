// A model server for measuring, not a model: speaks OpenAI's chat completions, counts the prompt that reached it, and
// gives back those of the facts an answer needs that stand in that prompt.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { countChat } from "@nocp/models/tokens/count-chat.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { z } from "zod";
import { createFactFinder } from "../measurement/find-facts.ts";
import type { Question } from "../workloads/workload.ts";

export interface CountingModelServerOptions {
  /** Time of every answer, in milliseconds. */
  readonly delayMs: number;
  /** Simulated prefill: milliseconds for each 1,000 tokens of the prompt, on top. */
  readonly prefillMsPerThousandTokens: number;
}

/** What reached the model and what it wrote, in tokens of the model that was named. */
export interface CountedCall {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface CountingModelServer {
  readonly url: string;
  /** The question that the next calls ask; what its answer needs is what the server looks for. */
  expect(question: Question): void;
  /** The calls since the last time. */
  takeCalls(): CountedCall[];
  close(): Promise<void>;
}

const contentSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() })), z.null()]).optional();
const bodySchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.enum(["system", "user", "assistant", "tool"]), content: contentSchema })),
});
type Body = z.infer<typeof bodySchema>;

/** Said when nothing that the answer needs stands in the prompt. */
const nothingFound = "The context does not hold the answer.";

/** Its own work counts towards the delay: a long prompt takes it no longer than the simulated time, where that is enough. */
export async function startCountingModelServer(options: CountingModelServerOptions): Promise<CountingModelServer> {
  let question: Question = { kind: "", query: "", needs: [], enough: "all" };
  let calls: CountedCall[] = [];
  const answerCall = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const body = bodySchema.safeParse(await readJson(request));
    if (!body.success) return send(response, 400, { error: { message: "not a chat completion", type: "invalid_request_error" } });
    const messages = body.data.messages.map(({ role, content }) => ({ role, text: textOf(content) }));
    const counter = createTokenCounter(body.data.model);
    const text = answerOf(question, messages.map((message) => message.text).join("\n"));
    const call = { inputTokens: countChat(counter, messages), outputTokens: counter.count(text) };
    calls.push(call);
    const takesMs = options.delayMs + (options.prefillMsPerThousandTokens * call.inputTokens) / 1000;
    const leftMs = takesMs - (performance.now() - startedAt);
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
    send(response, 200, completionOf(body.data.model, text, call));
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answerCall(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/v1`,
    expect: (next) => {
      question = next;
    },
    takeCalls: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The question itself does not count as context: a fact in it was given, not found. */
export function answerOf({ query, needs, table }: Question, prompt: string): string {
  const stands = createFactFinder(query === "" ? prompt : prompt.replaceAll(query, "\n"));
  if (table) return JSON.stringify(table.filter((row) => Object.values(row).every((cell) => stands(String(cell)))));
  const found = needs.filter(stands);
  return found.length === 0 ? nothingFound : `The context says: ${found.join("; ")}.`;
}

const textOf = (content: z.infer<typeof contentSchema>): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text = "" }) => text).join("");

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}

const completionOf = (model: Body["model"], content: string, { inputTokens, outputTokens }: CountedCall) => ({
  id: "chatcmpl-measuring",
  object: "chat.completion",
  created: 0,
  model,
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
});

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
