import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createLeanFetch } from "../http/lean-fetch.ts";
import { readEvents } from "./answer-body.ts";

/** Answers with an event, and the end of the events where the path says so; the body ends a moment later, or not at all. */
const server = createServer((request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write('data: {"text":"Paris"}\n\n');
  if (request.url?.startsWith("/done")) response.write("data: [DONE]\n\n");
  if (request.url?.endsWith("never")) return;
  setTimeout(() => response.end(), 20);
});
let connections = 0;
let closed = 0;
server.on("connection", (socket) => {
  connections += 1;
  socket.once("close", () => {
    closed += 1;
  });
});
let address: string;
const transport = createLeanFetch({ connectMs: 30_000, useProxy: false });

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await transport.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const eventsOf = async (path: string): Promise<unknown[]> => Array.fromAsync(readEvents(await transport.fetch(address + path)));

const firstEventOf = async (path: string): Promise<unknown> => {
  for await (const event of readEvents(await transport.fetch(address + path))) return event;
  return expect.unreachable();
};

describe("a stream whose reader stops, at its [DONE] or at an event that is the last", () => {
  test.each([
    ["[DONE]", async () => (await eventsOf("/done"))[0]],
    ["an event", () => firstEventOf("/")],
  ])("is not waited for, and leaves its connection for the next call: %s", async (_end, read) => {
    await read();
    const reuses = async () => {
      const before = connections;
      expect(await read()).toEqual({ text: "Paris" });
      expect(connections).toBe(before);
    };
    // The body of the call before has to end first.
    await vi.waitFor(reuses, { timeout: 30_000, interval: 100 });
  });

  test.each([
    ["[DONE]", async () => (await eventsOf("/done-never"))[0]],
    ["an event", () => firstEventOf("/never")],
  ])("but does not end is closed after a while, and nothing is thrown: %s", async (_end, read) => {
    const before = closed;
    expect(await read()).toEqual({ text: "Paris" });
    await vi.waitFor(() => expect(closed).toBeGreaterThan(before), { timeout: 30_000 });
  });
});
