// The tools of the MCP servers of tests, over pipes and over HTTP.
import { setTimeout as sleep } from "node:timers/promises";
import { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";

export function createTestMcpServer(): McpServer {
  const server = new McpServer({ name: "test", version: "1.0.0" }, { capabilities: { tools: { listChanged: true } } });
  server.registerTool(
    "add",
    {
      description: "Adds two numbers.",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => ({ content: [{ type: "text", text: JSON.stringify({ sum: a + b }) }], structuredContent: { sum: a + b } }),
  );
  server.registerTool(
    "getForecast",
    { description: "The weather of a city.", inputSchema: z.object({ city: z.string() }) },
    ({ city }) => ({
      content: [
        { type: "text", text: `Rain in ${city}.` },
        { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" },
      ],
    }),
  );
  server.registerTool("fails", { description: "Fails.", inputSchema: z.object({}) }, () => ({
    content: [{ type: "text", text: "the disk is full" }],
    isError: true,
  }));
  server.registerTool("echo", { description: "Says what it was sent.", inputSchema: z.looseObject({}) }, (input, context) => ({
    content: [{ type: "text", text: JSON.stringify({ input, meta: context.mcpReq._meta ?? {} }) }],
  }));
  server.registerTool("environment", { description: "Lists the variables it has.", inputSchema: z.object({}) }, () => ({
    content: [{ type: "text", text: JSON.stringify({ pid: process.pid, variables: process.env }) }],
  }));
  server.registerTool(
    "large",
    { description: "Returns as many bytes as wanted.", inputSchema: z.object({ bytes: z.int() }) },
    ({ bytes }) => ({ content: [{ type: "text", text: "x".repeat(bytes) }] }),
  );
  server.registerTool(
    "waits",
    { description: "Waits.", inputSchema: z.object({ waitMs: z.int() }) },
    async ({ waitMs }, context) => {
      await sleep(waitMs, undefined, { signal: context.mcpReq.signal });
      return { content: [{ type: "text", text: "waited" }] };
    },
  );
  server.registerTool("dies", { description: "Ends the server.", inputSchema: z.object({}) }, () => process.exit(3));
  return server;
}
