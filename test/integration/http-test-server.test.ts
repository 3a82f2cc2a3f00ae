// The tests' own HTTP server: a client that hangs up is no fault of it, everything else is.
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { startHttpTestServer } from "../servers/http-test-server.ts";

test("a client that hangs up while it sends is no fault", async () => {
  let calls = 0;
  const server = await startHttpTestServer(() => {
    calls += 1;
  });
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf of");
  await setTimeout(50);
  socket.destroy();
  await setTimeout(50);
  await server.close();
  expect(calls).toBe(0);
});

test("a client that hangs up while it waits ends the wait", async () => {
  const hangUp = new AbortController();
  let ended = false;
  const server = await startHttpTestServer(async ({ signal }) => {
    hangUp.abort();
    await setTimeout(600_000, undefined, { signal }).finally(() => {
      ended = true;
    });
  });
  await expect(fetch(server.url, { signal: hangUp.signal })).rejects.toThrow();
  await server.close();
  expect(ended).toBe(true);
});

test("closing ends a request that is half sent and one that is not answered", async () => {
  const server = await startHttpTestServer(() => {});
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf of");
  const unanswered = fetch(server.url).then(
    () => "answered",
    () => "ended",
  );
  await setTimeout(50);
  await server.close();
  expect(await unanswered).toBe("ended");
  socket.destroy();
});

test("a fault of the answer is reported when the server is closed", async () => {
  const server = await startHttpTestServer(({ body }) => JSON.parse(body.toString()));
  await expect(fetch(server.url, { method: "POST", body: "{" })).rejects.toThrow();
  await expect(server.close()).rejects.toThrow(/the test's server failed: SyntaxError/);
});
