// The body of a vendor's response: JSON, or server-sent events of JSON, with all digits of its numbers.
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { createParser } from "eventsource-parser";
import { LeanResponse } from "../http/lean-fetch.ts";
import { type CallProgress, noteUnreadable } from "../reported-usage.ts";
import { brokenStream, invalidResponse } from "./read-answer.ts";

/** An answer that is longer is not read to its end. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** Whether a response that was asked for as a stream is one: some servers answer in one piece whatever they are asked. */
export const isEventStream = (response: Response): boolean =>
  headerOf(response, "content-type")?.includes("text/event-stream") ?? false;

const headerOf = (response: Response, name: string): string | null =>
  response instanceof LeanResponse ? response.header(name) : response.headers.get(name);

/** Keeps the response's headers for whoever watches the vendor's quotas. */
export function noteHeaders(response: Response, progress: CallProgress | undefined): void {
  if (progress) progress.header = (name) => headerOf(response, name);
}

/** For an answer of which the status was all that matters. */
export async function discardBody(response: Response): Promise<void> {
  if (response instanceof LeanResponse) response.release(true);
  else await response.body?.cancel();
}

/** @throws NocpError PROVIDER_INVALID_RESPONSE; what the connection throws. */
export async function readJson(response: Response): Promise<unknown> {
  let text = "";
  for await (const piece of textOf(response)) text += piece;
  return jsonOf(text);
}

/**
 * The data of each event, in order; ends with `[DONE]` or the body. One that is not JSON is left out: what matters is
 * whether the stream comes to its end, and `progress.unreadableEvents` says that something may be missing.
 * @throws NocpError PROVIDER_UNAVAILABLE for a body of another kind.
 */
export async function* readEvents(response: Response, progress?: CallProgress): AsyncGenerator<unknown> {
  const pending: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => pending.push(data) });
  for await (const piece of textOf(response)) {
    parser.feed(piece);
    for (const data of pending.splice(0)) {
      if (data === "[DONE]") return;
      const event = eventOf(data, progress);
      if (event !== undefined) yield event;
    }
  }
  // The last event may lack the empty line after it.
  parser.feed("\n\n");
  for (const data of pending) {
    const event = data === "[DONE]" ? undefined : eventOf(data, progress);
    if (event !== undefined) yield event;
  }
}

/** @returns undefined for an event that is left out. */
function eventOf(data: string, progress: CallProgress | undefined): unknown {
  if (data.trim() === "") return undefined;
  try {
    return parseExactly(data);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    noteUnreadable(progress);
    return undefined;
  }
}

/** Whoever stops reading has read what matters: the connection is used again if the body ends soon. */
async function* textOf(response: Response): AsyncGenerator<string> {
  const body = response instanceof LeanResponse ? response.pieces() : response.body;
  if (body === null) throw brokenStream();
  const decoder = new TextDecoder();
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > maxAnswerBytes) throw invalidResponse(`it is longer than ${maxAnswerBytes} bytes`);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } finally {
    if (response instanceof LeanResponse) response.release(bytes <= maxAnswerBytes);
  }
}

function jsonOf(text: string): unknown {
  try {
    return parseExactly(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidResponse(
      text.trimStart().startsWith("<") ? "it is a web page" : text.trim() === "" ? "it is empty" : "it is not JSON",
    );
  }
}
