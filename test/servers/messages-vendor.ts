// A vendor that speaks Anthropic's Messages API and answers with the blocks that a test names, whole or as events.
import { startHttpTestServer } from "./http-test-server.ts";

type Json = Readonly<Record<string, unknown>>;
type Block = Json & { readonly type: string };

/** Holds a stream where a test wants it to wait. */
export type BeforeEvent = (event: { readonly type: string }) => Promise<void> | undefined;

export interface MessagesVendor {
  /** Without the version. */
  readonly baseUrl: string;
  readonly bodies: readonly Json[];
  /** Of the same calls. */
  readonly headers: readonly Readonly<Record<string, string | string[] | undefined>>[];
  /** Says how calls are answered from now on. */
  answer(
    write: (body: Json) => {
      readonly blocks: readonly Block[];
      readonly stopReason?: string;
      readonly stopSequence?: string;
      /** Awaited before each event of a stream. */
      readonly before?: BeforeEvent;
    },
  ): void;
  close(): Promise<void>;
}

const usage = {
  input_tokens: 12,
  cache_read_input_tokens: 100,
  cache_creation_input_tokens: 30,
  output_tokens: 7,
};

export async function startMessagesVendor(): Promise<MessagesVendor> {
  const bodies: Json[] = [];
  const headers: Readonly<Record<string, string | string[] | undefined>>[] = [];
  let write: Parameters<MessagesVendor["answer"]>[0] = () => ({ blocks: [{ type: "text", text: "Hello." }] });
  const server = await startHttpTestServer(async ({ request, response, body: sent }) => {
    const body = JSON.parse(sent.toString("utf8")) as Json;
    bodies.push(body);
    headers.push(request.headers);
    const { blocks, stopReason = "end_turn", stopSequence = null, before } = write(body);
    const message = { id: "msg_vendor", type: "message", role: "assistant", model: body.model, stop_sequence: null };
    if (body.stream !== true) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...message, content: blocks, stop_reason: stopReason, stop_sequence: stopSequence, usage }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const events = [
      { type: "message_start", message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } } },
      ...blocks.flatMap(eventsOf),
      { type: "message_delta", delta: { stop_reason: stopReason, stop_sequence: stopSequence }, usage: { output_tokens: 7 } },
      { type: "message_stop" },
    ];
    for (const event of events) {
      await before?.(event);
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    response.end();
  });
  return {
    baseUrl: server.url,
    bodies,
    headers,
    answer: (next) => {
      write = next;
    },
    close: server.close,
  };
}

/** JSON as models write it: each name and each value by itself. */
export const jsonPieces = (json: string): string[] => json.split(/(?<=[,:])/);

function eventsOf(block: Block, index: number): (Json & { type: string })[] {
  const { text, thinking, signature, input, ...rest } = block;
  const deltas: Json[] = [];
  const piecesOf = (whole: unknown): string[] => String(whole).split(/(?<= )/);
  if (block.type === "text") deltas.push(...piecesOf(text).map((piece) => ({ type: "text_delta", text: piece })));
  if (block.type === "thinking") {
    deltas.push(...piecesOf(thinking).map((piece) => ({ type: "thinking_delta", thinking: piece })));
    deltas.push({ type: "signature_delta", signature });
  }
  if (block.type === "tool_use") {
    const pieces = jsonPieces(JSON.stringify(input, null, 1));
    deltas.push(...["", ...pieces].map((partial_json) => ({ type: "input_json_delta", partial_json })));
  }
  const empty = { text: { text: "" }, thinking: { thinking: "", signature: "" }, tool_use: { input: {} } }[block.type] ?? {};
  return [
    { type: "content_block_start", index, content_block: { ...rest, ...empty } },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}
