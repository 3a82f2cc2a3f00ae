// One large text, in every form in which it may reach a deployment.
import type { Client } from "@nocp/client/create-client.ts";
import { createHttpCaller } from "../load/http-caller.ts";

export const ways = ["document", "letters", "question", "answer", "session", "tool-result", "compress"] as const;
export type Way = (typeof ways)[number];

/** Ways over HTTP; the others go onto the queue. */
export const isHttp = (way: Way): boolean => way === "tool-result" || way === "compress";

export interface LargeRequests {
  /** Sends the text once, and waits for what comes of it; a failure is an outcome like others. */
  send(way: Way, text: string): Promise<void>;
}

const question = "Why did payment 4711 fail?";
const tenant = "noisy";
const routing = { model: "extractive/extractive-1", cache: "off" } as const;
const schema = {
  type: "object",
  properties: { payment: { type: "string" }, failure: { type: "number" } },
  required: ["payment"],
};

/** @param model that a chat over HTTP is answered by. */
export function createLargeRequests(client: Client, gatewayUrl: string, model: string): LargeRequests {
  let sessions = 0;
  const asked = async (request: Parameters<Client["ask"]>[0]): Promise<void> => void (await client.ask(request));
  const posted = async (path: string, body: object): Promise<void> => {
    const caller = createHttpCaller(`${gatewayUrl}${path}`, body, { "x-nocp-cache": "off" });
    await caller
      .call()
      .catch(() => undefined)
      .finally(caller.close);
  };
  const sends: Readonly<Record<Way, (text: string) => Promise<void>>> = {
    document: (text) => asked({ tenant, query: question, documents: [{ text }], routing }),
    letters: (text) => asked({ tenant, query: question, documents: lettersOf(text), routing }),
    question: (text) => asked({ tenant, query: text, documents: [{ text: question }], routing }),
    answer: (text) =>
      asked({ tenant, query: question, documents: [{ text }], compression: { mode: "off" }, output: { schema }, routing }),
    async session(text) {
      const session = { id: `noisy-${++sessions}` };
      const turn = text.slice(0, text.length / turnsOfSession);
      for (let at = 0; at < turnsOfSession; at++)
        await asked({ tenant, session, messages: [{ role: "user", text: turn }], routing });
    },
    "tool-result": (text) => posted("/v1/chat/completions", { model, messages: toolMessages(text) }),
    compress: (text) => posted("/v1/compress", { model, messages: toolMessages(text) }),
  };
  return { send: (way, text) => sends[way](text) };
}

const turnsOfSession = 8;
const mostLetters = 100_000;

/** A document each. */
const lettersOf = (text: string) => Array.from(text.slice(0, mostLetters), (letter) => ({ text: letter }));

const toolMessages = (text: string): readonly object[] => [
  { role: "user", content: question },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "call-1", type: "function", function: { name: "read_file", arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: "call-1", content: text },
];
