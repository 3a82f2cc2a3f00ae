// A server that loses the place of a stream whose messages are all done, as nats-server 2.9 does when a write to it fails, e.g.
// on a full disk: it counts from 1 again. Newer servers move consumers back by themselves; the service sees to it for those
// that do not.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineStageService, runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import { emptyToolsCompleted, waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../fixtures/test-host.ts";
import { openTestQueue } from "../fixtures/test-queue.ts";

let folder: string;
let queue: Awaited<ReturnType<typeof openTestQueue>>;
let host: TestHost;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nocp-place-"));
  queue = await openTestQueue({}, ["-sd", folder]);
  host = createTestHost({ NATS_URL: queue.server.url });
});
afterEach(async () => {
  host.sendStopSignal();
  await host.exited;
  await queue.close();
  rmSync(folder, { recursive: true, force: true });
});

const streamFolder = () => join(folder, "jetstream", "$G", "streams", "NOCP_ACT");

const isWritten = (durable: string): boolean =>
  (statSync(join(streamFolder(), "obs", durable, "o.dat"), { throwIfNoEntry: false })?.size ?? 0) > 0;

/** What a write that fails leaves of an empty stream: nothing that says how far it was. */
function forgetPlace(): void {
  const messages = join(streamFolder(), "msgs");
  for (const file of readdirSync(messages)) rmSync(join(messages, file));
}

const isEmpty = async (stream: string): Promise<boolean> => (await queue.messagesIn(stream)) === 0;
const submit = async (count: number): Promise<void> => {
  for (let number = 0; number < count; number++) await queue.client.submit({ query: "hello" });
};

test("requests that are accepted afterwards are handled, also when a service sees the loss late", async () => {
  const { manager } = queue.broker;
  await runStageService(defineStageService({ stage: "act", sections: [], create: () => emptyToolsCompleted }), host);
  await submit(20);
  await waitFor(() => isEmpty("NOCP_ACT"), "all to be handled");
  const settled = async () => (await manager.consumers.info("NOCP_ACT", "act-interactive")).ack_floor.stream_seq === 20;
  await waitFor(settled, "the consumer to know");
  await waitFor(() => isWritten("act-interactive"), "the server to write that down");
  await queue.server.kill();
  forgetPlace();
  await queue.server.restart();
  expect((await manager.streams.info("NOCP_ACT")).state.last_seq).toBe(0);
  // More than were there before: the stream ends beyond the consumer's place again.
  await submit(30);
  await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 50, "all 50 to be handled");
  await waitFor(() => isEmpty("NOCP_ACT"), "the queue to be empty");
});
