// ./nocp dead as a process, with dead letters of any size.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import { deadSubject } from "@nocp/contracts/topology.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childEnvironment } from "../fixtures/child-environment.ts";

const root = join(import.meta.dirname, "../..");
let server: NatsTestServer;
let broker: Broker;

beforeAll(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  await broker.provision();
  for (const piece of ["word ", "x", "a,b;"]) {
    const letter = {
      ...{ v: 1, requestId: randomUUID(), stage: "act", subject: "s", messageId: "m", attempts: 1, at: 1_700_000_000_000 },
      error: { code: "INVALID_REQUEST", message: piece.repeat(700_000 / piece.length), advice: "a" },
      ...{ headers: {}, payload: "" },
    };
    await broker.jetstream.publish(deadSubject("act"), encodeJson(letter));
  }
});
afterAll(async () => {
  await broker.close();
  await server.stop();
});

const start = (...args: string[]) =>
  spawn(process.execPath, [join(root, "cli/src/main.ts"), "dead", ...args, "--nats-url", server.url], {
    cwd: root,
    env: childEnvironment,
    stdio: ["ignore", "pipe", "ignore"],
  });

test("a message of 700 kB is listed in part", async () => {
  const listing = start("list");
  let text = "";
  listing.stdout.on("data", (piece) => {
    text += String(piece);
  });
  expect(await once(listing, "exit")).toEqual([0, null]);
  expect(text.length).toBeLessThan(20_000);
  expect(text.match(/INVALID_REQ/g)).toHaveLength(3);
});

test("Ctrl-C ends the command whenever it comes", async () => {
  for (const delayMs of [200, 400, 600, 800]) {
    const listing = start("list");
    const ended = once(listing, "exit");
    setTimeout(() => listing.kill("SIGINT"), delayMs);
    const [exitCode, signal] = await ended;
    expect([0, 130, null]).toContain(exitCode);
    if (exitCode === null) expect(signal).toBe("SIGINT");
  }
});
