// A test server that speaks OpenAI's HTTP for embeddings and chat completions. No model runs in it: its vectors are bags of
// words with a few synonyms, and its distillation model copies the beginning of the material unless a test says what to answer.
import { setTimeout } from "node:timers/promises";
import { startHttpTestServer } from "./http-test-server.ts";

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_completion_tokens: number;
}

/** What the server does instead of its own answer. */
export interface Scripted {
  readonly status?: number;
  readonly body?: unknown;
  readonly delayMs?: number;
}

export interface OpenAiTestServer {
  /** With the version: what `baseUrl` of a setting is set to. */
  readonly baseUrl: string;
  readonly requests: { readonly path: string; readonly authorization: string | undefined; readonly body: unknown }[];
  /** Answers the next call. */
  script(answer: Scripted): void;
  /** Says what the distillation model writes, from now on. */
  answerChat(write: (request: ChatRequest) => string): void;
  /** Says how many tokens of a prompt the server bills, from now on. */
  billPrompt(tokensOf: (text: string) => number): void;
  close(): Promise<void>;
}

export async function startOpenAiTestServer(): Promise<OpenAiTestServer> {
  const requests: OpenAiTestServer["requests"] = [];
  const scripted: Scripted[] = [];
  let write = copyBeginning;
  let tokensOf = (text: string): number => Math.ceil(text.length / 4);
  const server = await startHttpTestServer(async ({ request, response, body: sent, signal }) => {
    const body = JSON.parse(sent.toString("utf8")) as Record<string, unknown>;
    const path = request.url ?? "";
    requests.push({ path, authorization: request.headers.authorization, body });
    const { status = 200, body: fixed, delayMs = 0 } = scripted.shift() ?? {};
    await setTimeout(delayMs, undefined, { signal });
    response.statusCode = status;
    response.setHeader("content-type", "application/json");
    const own = path.endsWith("/embeddings") ? embeddingsFor(body) : chatFor(body as unknown as ChatRequest, write, tokensOf);
    response.end(typeof fixed === "string" ? fixed : JSON.stringify(fixed ?? own));
  });
  return {
    baseUrl: `${server.url}/v1`,
    requests,
    script: (answer) => void scripted.push(answer),
    answerChat: (next) => {
      write = next;
    },
    billPrompt: (next) => {
      tokensOf = next;
    },
    close: server.close,
  };
}

const dimensions = 64;
/** Words that mean the same point the same way. */
const synonyms: Readonly<Record<string, string>> = {
  automobile: "car",
  cars: "car",
  physician: "doctor",
  cost: "price",
  costs: "price",
};

function vectorOf(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    const meaning = synonyms[word] ?? word;
    let hash = 7;
    for (let at = 0; at < meaning.length; at++) hash = (Math.imul(hash, 31) + meaning.charCodeAt(at)) | 0;
    const slot = (hash >>> 0) % dimensions;
    vector[slot] = (vector[slot] ?? 0) + 1;
  }
  return vector;
}

function embeddingsFor({ input, model }: Record<string, unknown>) {
  const texts = input as readonly string[];
  return {
    object: "list",
    model,
    // In another order than asked: the index says which is which.
    data: texts.map((text, index) => ({ object: "embedding", index, embedding: vectorOf(text) })).reverse(),
    usage: { prompt_tokens: texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0), total_tokens: 0 },
  };
}

function chatFor(request: ChatRequest, write: (request: ChatRequest) => string, tokensOf: (text: string) => number) {
  const content = write(request);
  const prompt = request.messages.map((message) => message.content).join("\n");
  return {
    id: "chatcmpl-test",
    created: 0,
    object: "chat.completion",
    model: request.model,
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: tokensOf(prompt), completion_tokens: Math.ceil(content.length / 4) },
  };
}

/** What stands between the marks of the prompt. */
export const materialOf = ({ messages }: ChatRequest): string =>
  /<(material-[0-9a-f]+)>\n([\s\S]*)\n<\/\1>$/.exec(messages.at(-1)?.content ?? "")?.[2] ?? "";

/** A third of the limit in characters never takes more tokens than the limit. */
function copyBeginning(request: ChatRequest): string {
  const cut = materialOf(request).slice(0, Math.floor(request.max_completion_tokens / 3));
  return cut.includes(" ") ? cut.slice(0, cut.lastIndexOf(" ")) : cut;
}
