// A vendor that speaks OpenAI's Responses API and answers with the items that a test names, whole or as events.

import { startHttpTestServer } from "./http-test-server.ts";
import { type BeforeEvent, jsonPieces } from "./messages-vendor.ts";

type Json = Readonly<Record<string, unknown>>;

export interface ResponsesVendor {
  /** With the version. */
  readonly baseUrl: string;
  readonly bodies: readonly Json[];
  /** Says what output calls get from now on. @param before is awaited before each event of a stream. */
  answer(write: (body: Json) => readonly Json[], before?: BeforeEvent): void;
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
  let hold: BeforeEvent | undefined;
  const server = await startHttpTestServer(async ({ response, body: sent }) => {
    const body = JSON.parse(sent.toString("utf8")) as Json;
    bodies.push(body);
    const output = write(body);
    const whole = { id: "resp_vendor", object: "response", model: body.model, status: "completed", output, usage };
    if (body.stream !== true) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(whole));
      return;
    }
    const events = [
      { type: "response.created", response: { ...whole, output: [], status: "in_progress" } },
      ...output.flatMap(eventsOf),
      { type: "response.completed", response: whole },
    ];
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of events) {
      await hold?.(event);
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    response.end();
  });
  return {
    baseUrl: `${server.url}/v1`,
    bodies,
    answer: (next, before) => {
      write = next;
      hold = before;
    },
    close: server.close,
  };
}

type Part = { readonly type: string; readonly text?: string };

function eventsOf(item: Json, output_index: number): (Json & { type: string })[] {
  const place = { item_id: item.id, output_index };
  const begun = { type: "response.output_item.added", output_index, item: { ...item, summary: [], content: [] } };
  const done = { type: "response.output_item.done", output_index, item };
  const partsOf = (field: "summary" | "content"): string[][] =>
    ((item[field] ?? []) as Part[]).map(({ text = "" }) => text.split(/(?<= )/));
  if (item.type === "function_call" || item.type === "custom_tool_call") {
    const isFreeText = item.type === "custom_tool_call";
    const pieces = isFreeText ? String(item.input).split(/(?<= )/) : jsonPieces(String(item.arguments));
    const type = isFreeText ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta";
    const empty = isFreeText ? { input: "" } : { arguments: "" };
    return [{ ...begun, item: { ...item, ...empty } }, ...pieces.map((delta) => ({ ...place, type, delta })), done];
  }
  if (item.type === "web_search_call") return [begun, { ...place, type: "response.web_search_call.completed" }, done];
  if (item.type === "reasoning") {
    const summaries = partsOf("summary").flatMap((pieces, summary_index) =>
      pieces.map((delta) => ({ ...place, type: "response.reasoning_summary_text.delta", summary_index, delta })),
    );
    const contents = partsOf("content").flatMap((pieces, content_index) =>
      pieces.map((delta) => ({ ...place, type: "response.reasoning_text.delta", content_index, delta })),
    );
    return [begun, ...summaries, ...contents, done];
  }
  return partsOf("content").flatMap((pieces) =>
    pieces.map((delta) => ({ ...place, type: "response.output_text.delta", content_index: 0, delta })),
  );
}
