import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttpCaller } from "./http-caller.ts";

/** Sends a chunk without text, and goes on when it is told to. */
let goOn = Promise.withResolvers<void>();
let ended = 0;
const server = createServer(async (request, response) => {
  request.resume();
  if (request.url === "/refuses") return void response.writeHead(429).end("no");
  response.writeHead(200).write('data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n');
  await goOn.promise;
  response.write('data: {"choices":[{"delta":{"content":"Par');
  response.write('is"}}]}\n\n');
  ended += 1;
  response.end("data: [DONE]\n\n");
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("a stream has begun when its first text is there, not its first chunk", async () => {
  const caller = createHttpCaller(url, {});
  const begun = caller.begin();
  const first = await Promise.race([begun.then(() => "text"), new Promise((resolve) => setTimeout(() => resolve("none"), 100))]);
  expect(first).toBe("none");
  goOn.resolve();
  await begun;
  await caller.call();
  expect(ended).toBe(2);
  caller.close();
  goOn = Promise.withResolvers();
});

test("an answer that is not 200 is an error with its status", async () => {
  const caller = createHttpCaller(`${url}/refuses`, {});
  await expect(caller.call()).rejects.toMatchObject({ code: "429", message: "no" });
  await expect(caller.begin()).rejects.toMatchObject({ code: "429" });
  caller.close();
});
