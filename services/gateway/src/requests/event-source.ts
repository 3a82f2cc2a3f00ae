// Server-sent events of a request: as they come, with signs of life, and an end for clients that do not read them.
import type { ServerResponse } from "node:http";
import { writeJson } from "@nocp/contracts/json/write-json.ts";

export interface EventSource {
  send(event: string, data: object): void;
  end(): void;
}

/** What a client that does not read may leave here. */
const mostWaitingBytes = 4 * 1024 * 1024;

/** @param onStalled is told of a client that reads too slowly; the response is closed then. */
export function createEventSource(response: ServerResponse, keepAliveMs: number, headers: Record<string, string>): EventSource {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", ...headers });
  response.flushHeaders();
  const write = (text: string): void => {
    if (response.destroyed || response.writableEnded) return;
    response.write(text);
    if (response.writableLength > mostWaitingBytes) response.destroy();
  };
  const beat = setInterval(() => write(": keep-alive\n\n"), keepAliveMs);
  response.once("close", () => clearInterval(beat));
  return {
    send: (event, data) => write(`event: ${event}\ndata: ${writeJson(data)}\n\n`),
    end() {
      clearInterval(beat);
      response.end();
    },
  };
}
