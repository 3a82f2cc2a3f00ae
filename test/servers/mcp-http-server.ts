// An MCP server over HTTP. It can be shut and opened again on the same port.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { createTestMcpServer } from "./mcp-test-tools.ts";

export interface McpHttpServer {
  readonly url: string;
  /** Headers of the calls so far. */
  readonly headers: readonly Readonly<Record<string, string | string[] | undefined>>[];
  open(): Promise<void>;
  shut(): Promise<void>;
}

export async function startMcpHttpServer(): Promise<McpHttpServer> {
  const handler = createMcpHandler(createTestMcpServer);
  const headers: McpHttpServer["headers"][number][] = [];
  let server: Server | undefined;
  let port = 0;
  const open = async (): Promise<void> => {
    server = createServer(async (request, response) => {
      headers.push(request.headers);
      const body = await buffer(request);
      const { method = "POST", url = "/" } = request;
      const answer = await handler.fetch(
        new Request(`http://127.0.0.1:${port}${url}`, {
          method,
          headers: Object.entries(request.headers).flatMap(([name, value]) =>
            value === undefined ? [] : [[name, String(value)]],
          ),
          ...(method === "POST" ? { body: new Uint8Array(body) } : {}),
        }),
      );
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      for await (const piece of answer.body ?? []) response.write(piece);
      response.end();
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  };
  const shut = async (): Promise<void> => {
    const closed = server ? once(server, "close") : undefined;
    server?.close();
    server?.closeAllConnections();
    server = undefined;
    await closed;
  };
  await open();
  return { url: `http://127.0.0.1:${port}/mcp`, headers, open, shut };
}
