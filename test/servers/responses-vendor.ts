// A vendor that speaks OpenAI's Responses API and answers with the items that a test names, whole or as events.
import { startHttpTestServer } from "./http-test-server.ts";

type Json = Readonly<Record<string, unknown>>;

export interface ResponsesVendor {
  /** With the version. */
  readonly baseUrl: string;
  readonly bodies: readonly Json[];
  /** Says what output calls get from now on. */
  answer(write: (body: Json) => readonly Json[]): void;
  close(): Promise<void>;
}

export const spoken = (text: string): Json => ({
  id: "msg_vendor",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [] }],
});

const usage = {
  input_tokens: 30,
  input_tokens_details: { cached_tokens: 10 },
  output_tokens: 6,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 36,
};

export async function startResponsesVendor(): Promise<ResponsesVendor> {
  const bodies: Json[] = [];
  let write: Parameters<ResponsesVendor["answer"]>[0] = () => [spoken("Hello there.")];
  const server = await startHttpTestServer(({ response, body: sent }) => {
    const body = JSON.parse(sent.toString("utf8")) as Json;
    bodies.push(body);
    const output = write(body);
    const whole = { id: "resp_vendor", object: "response", model: body.model, status: "completed", output, usage };
    if (body.stream !== true) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(whole));
      return;
    }
    const texts = output.flatMap(({ content }) => ((content ?? []) as { text?: string }[]).map(({ text }) => text ?? ""));
    const pieces = texts.flatMap((text) => text.split(/(?<= )/));
    const events = [
      { type: "response.created", response: { ...whole, output: [], status: "in_progress" } },
      ...pieces.map((delta) => ({ type: "response.output_text.delta", delta })),
      { type: "response.completed", response: whole },
    ];
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
  });
  return {
    baseUrl: `${server.url}/v1`,
    bodies,
    answer: (next) => {
      write = next;
    },
    close: server.close,
  };
}
