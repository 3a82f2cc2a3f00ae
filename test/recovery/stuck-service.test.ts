// A service whose event loop stands still is replaced, and no request is lost with it.

import type { ProcessExit } from "@nocp/cli/supervisor/supervised-process.ts";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

const deaths: (readonly [string, ProcessExit])[] = [];
let deployment: TestDeployment;
let client: Client;

beforeAll(async () => {
  deployment = await startTestDeployment(
    { NOCP_MESSAGING_ACK_WAIT_MS: "2000", NOCP_LOG_LEVEL: "error" },
    { stuckAfterMs: 3000, onDeath: (name, exit) => void deaths.push([name, exit]) },
  );
  client = await createClient({ natsUrl: deployment.natsUrl });
});
afterAll(async () => {
  await client?.close();
  await deployment?.end();
});

test.each(["act", "llm-router"])(
  "%s is killed and started again when it does not answer; all requests succeed",
  async (stopped) => {
    await deployment.untilReady();
    deaths.length = 0;
    const service = deployment.processes.find(({ name }) => name === stopped);
    const pid = service?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    const documents = [{ title: "Facts", text: "The bridge was built in 1932. It is red." }];
    const asked = Array.from({ length: 20 }, () =>
      client.ask({ query: "When was the bridge built?", documents }, { timeoutMs: 240_000 }),
    );
    const results = await Promise.all(asked);
    expect(results.filter(({ status }) => status === "succeeded")).toHaveLength(20);
    // Others may be too slow to answer as well, on a machine that is busy.
    const silent = deaths.find(([name, { silentMs }]) => name === stopped && silentMs !== undefined);
    expect(silent?.[1]).toMatchObject({ signal: "SIGKILL", restartInMs: expect.any(Number) });
    expect(service?.pid).not.toBe(pid);
  },
);
