// A disk that is full: the services say so, what was accepted is not lost, and all goes on when there is room again.
import { createWriteStream, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readinessOf } from "@nocp/cli/deployment/service-readiness.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { afterEach, expect, test } from "vitest";
import { createLoopDisk, type LoopDisk } from "../servers/loop-disk.ts";
import { natsServerProgram, startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

let disk: LoopDisk | undefined;
let deployment: TestDeployment | undefined;
afterEach(async () => {
  await deployment?.end();
  disk?.remove();
});

const toldWithinMs = 10_000;
const lookEveryMs = 100;
/** Ask all the time, one request after the other. */
const callers = 4;
/** More would fill the disk again: they are accepted faster than they are worked on. */
const mostAccepted = 4_000;

/** Takes all room there is. */
async function fill(folder: string): Promise<string> {
  const file = join(folder, "filler");
  const stream = createWriteStream(file);
  const block = Buffer.alloc(1024 * 1024);
  await new Promise<void>((resolve) => {
    stream.on("error", () => resolve());
    const write = () => stream.write(block, (error) => !error && write());
    write();
  });
  stream.destroy();
  for (let bytes = 64 * 1024; bytes >= 512; bytes /= 2) {
    try {
      for (let part = 0; part < 256; part++) writeFileSync(file, Buffer.alloc(bytes), { flag: "a" });
    } catch {
      // Smaller pieces may still fit.
    }
  }
  return file;
}

test("a full disk is named within 10 s, accepted requests get their results, and new ones are accepted again", async () => {
  disk = createLoopDisk(96 * 1024 * 1024);
  const environment = { NOCP_PROVIDERS_STATIC_TEXT: "An answer.", NOCP_LOG_LEVEL: "fatal", NOCP_MESSAGING_ACK_WAIT_MS: "3000" };
  const nats = { program: { kind: "binary", path: natsServerProgram() } } as const;
  deployment = await startTestDeployment(environment, { dataFolder: disk.folder, nats });
  const client = await createClient({ natsUrl: deployment.natsUrl });
  const ask = () => client.submit({ query: "A question.", routing: { provider: "static" } });
  const accepted = [await ask(), await ask()];
  // What is accepted while the disk fills up is accepted, too.
  const asking = new AbortController();
  const asked = Promise.all(
    Array.from({ length: callers }, async () => {
      while (!asking.signal.aborted && accepted.length < mostAccepted)
        await ask().then(
          (request) => accepted.push(request),
          () => sleep(lookEveryMs),
        );
    }),
  );

  const filler = await fill(disk.folder);
  const filledAt = Date.now();
  const { processes } = deployment;
  const isTold = async () => {
    const answers = await Promise.all(processes.map(({ httpUrl }) => readinessOf(httpUrl)));
    return answers.some((answer) => answer?.cause === "storage" && answer.reason?.includes("disk may be full"));
  };
  while (!(await isTold())) {
    expect(Date.now() - filledAt, "milliseconds without a word").toBeLessThan(toldWithinMs);
    await sleep(lookEveryMs);
  }

  rmSync(filler);
  await waitFor(async () => (await deployment?.untilReady().then(() => true)) ?? false, "readiness");
  asking.abort();
  await asked;
  accepted.push(await ask());
  const results = await Promise.all(accepted.map(({ requestId }) => client.result(requestId, { timeoutMs: 60_000 })));
  expect(results.map(({ status }) => status)).toEqual(accepted.map(() => "succeeded"));
  await client.close();
});
