import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { type AnswerWatch, watchAnswers } from "./answer-watch.ts";

let server: Server | undefined;
let watch: AnswerWatch | undefined;
afterEach(() => {
  watch?.stop();
  server?.closeAllConnections();
  server?.close();
});

const stuckAfterMs = 500;

/** A server whose behaviour can change, and a watch over it. */
async function watched(startTimeoutMs = stuckAfterMs) {
  const state = { isSilent: false, asked: 0, stuck: [] as number[] };
  server = createServer((_request, response) => {
    state.asked += 1;
    if (!state.isSilent) response.writeHead(503).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
  const onStuck = (silentMs: number): void => void state.stuck.push(silentMs);
  watch = watchAnswers({ url, stuckAfterMs, startTimeoutMs, onStuck, now: () => performance.now() });
  return state;
}

it("says nothing of a process that answers, whatever it answers", async () => {
  const state = await watched();
  await expect.poll(() => state.asked).toBeGreaterThan(8);
  expect(state.stuck).toEqual([]);
});

it("reports once that a process has become silent, for as long as it may be", async () => {
  const state = await watched();
  await expect.poll(() => state.asked).toBeGreaterThan(2);
  state.isSilent = true;
  await expect.poll(() => state.stuck.length).toBe(1);
  expect(state.stuck[0]).toBeGreaterThanOrEqual(stuckAfterMs);
});

it("knows from others that a process has loaded", async () => {
  const state = await watched(60_000);
  state.isSilent = true;
  watch?.answered();
  await expect.poll(() => state.stuck.length).toBe(1);
});

it("gives a process that was just started the time to load", async () => {
  const state = await watched(60_000);
  state.isSilent = true;
  await expect.poll(() => state.asked).toBeGreaterThan(8);
  expect(state.stuck).toEqual([]);
});
