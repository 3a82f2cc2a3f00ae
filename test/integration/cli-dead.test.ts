// ./nocp dead as a process, with dead letters of any size.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import { deadSubject } from "@nocp/contracts/topology.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childEnvironment } from "../fixtures/child-environment.ts";

const root = join(import.meta.dirname, "../..");
const plainLetter = {
  ...{ v: 1, requestId: "plain", stage: "act", subject: "s", messageId: "m", attempts: 1, at: 1_700_000_000_000 },
  error: { code: "INVALID_REQUEST", message: "plain", advice: "a" },
  ...{ headers: {}, payload: "" },
};
const long = (piece: string): string => piece.repeat(700_000 / Buffer.byteLength(JSON.stringify(piece)));
const errorOf = (message: string) => ({ error: { ...plainLetter.error, message } });
/** What a broken or hostile sender can bring into a letter: each value as long as a message may be. */
const letters = [
  ...["word ", "x", "a,b;", "\n", "\u001b[31m", "\u200d", "字"].map((piece) => errorOf(long(piece))),
  ...["x", "字", "a "].map((piece) => ({ requestId: long(piece) })),
  ...["messageId", "subject"].map((field) => ({ [field]: long("x") })),
  errorOf(`unknown tool "${long("t")}"`),
  errorOf(Array.from({ length: 60_000 }, (_, at) => `unknown${at}`).join(", ")),
  { payload: Buffer.from("[".repeat(250_000) + "]".repeat(250_000)).toString("base64") },
];
let server: NatsTestServer;
let broker: Broker;

beforeAll(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  await broker.provision();
  for (const letter of letters) await broker.jetstream.publish(deadSubject("act"), encodeJson({ ...plainLetter, ...letter }));
});
afterAll(async () => {
  await broker.close();
  await server.stop();
});

const start = (...args: string[]) => startOn(server.url, ...args);
const startOn = (natsUrl: string, ...args: string[]) =>
  spawn(process.execPath, [join(root, "cli/src/main.ts"), "dead", ...args, "--nats-url", natsUrl], {
    cwd: root,
    env: childEnvironment,
    stdio: ["ignore", "pipe", "ignore"],
  });

test("letters of 700 kB are listed in part, whatever is long in them", async () => {
  const listing = start("list");
  let text = "";
  listing.stdout.on("data", (piece) => {
    text += String(piece);
  });
  expect(await once(listing, "exit")).toEqual([0, null]);
  // A cell of 1000 characters may take a line for each eight.
  expect(text.length).toBeLessThan(letters.length * 20_000);
  expect(text.match(/INVALID_R/g)).toHaveLength(letters.length);
  expect(text).not.toContain("\u001b[31m");
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

test("Ctrl-C ends it while it waits for a server that says nothing", async () => {
  const silent = createServer((socket) => void socket.on("error", () => undefined));
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const listing = startOn(`nats://127.0.0.1:${(silent.address() as AddressInfo).port}`, "list");
  const ended = once(listing, "exit");
  const [socket] = await once(silent, "connection");
  listing.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  socket.destroy();
  silent.close();
  await once(silent, "close");
});
