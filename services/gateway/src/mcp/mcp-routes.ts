// /mcp: NOCP's MCP server over HTTP, of the stateless revision and, for older clients, without sessions.
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { createMcpHandler } from "@modelcontextprotocol/server";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AddRoutes } from "../route-tools.ts";
import { createMcpWork, type McpWorkDependencies } from "./mcp-work.ts";
import { createNocpMcpServer } from "./nocp-mcp-server.ts";

const path = "/mcp";
const notAllowed = 405;

/** The key decides whose requests, archive and usage these are. */
export const mcpRoutes =
  (dependencies: Omit<McpWorkDependencies, "access">): AddRoutes =>
  (app, tools) => {
    tools.post(path, async (request, reply, signal) => {
      const work = createMcpWork({ ...dependencies, access: tools.accessOf(request) });
      const handler = createMcpHandler(() => createNocpMcpServer(work));
      const answer = await handler.fetch(requestOf(request, signal), { parsedBody: request.body });
      return send(reply, answer);
    });
    // There are no sessions to follow or to end.
    for (const method of ["GET", "DELETE"] as const) {
      app.route({ method, url: path, handler: (_request, reply) => reply.code(notAllowed).header("allow", "POST").send() });
    }
  };

const requestOf = ({ headers, method, host, url }: FastifyRequest, signal: AbortSignal): Request =>
  new Request(`http://${host}${url}`, {
    method,
    signal,
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined || name === "content-length" ? [] : [[name, String(value)]],
    ),
    // It was read already; without one the SDK takes the call for another kind.
    body: "{}",
  });

function send(reply: FastifyReply, { status, headers, body }: Response): FastifyReply {
  reply.code(status).headers(Object.fromEntries(headers));
  // Node's types of web streams and those of fetch are written apart.
  return reply.send(body === null ? undefined : Readable.fromWeb(body as ReadableStream<Uint8Array>));
}
