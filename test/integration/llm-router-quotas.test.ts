// A burst against a quota that is smaller: every request is answered, about as fast as the quota allows, and few are refused.
// `test/long` has the same with a quota of 5 a second.
import { describe, expect, test } from "vitest";
import { quotaQueueSettings, runQuotaLoad } from "../fixtures/quota-load.ts";
import { openTestQueue } from "../fixtures/test-queue.ts";
import type { ServerQuota } from "../servers/quota-server.ts";

const requests = 80;
const perSecond = 20;
const server = (more: Partial<ServerQuota>): ServerQuota => ({
  kind: "bucket",
  perSecond,
  counts: "requests",
  tells: "retry-after",
  answerMs: 5,
  ...more,
});
const configured = { requestsPerMinute: perSecond * 60 };

describe("80 requests against a quota of 20 a second", () => {
  // Beside each other: they do little but wait for their quota.
  test.concurrent.each([
    ["that the settings name", { server: server({}), configured, replicas: 1 }, 1.05],
    ["that the headers tell", { server: server({ tells: "headers" }), replicas: 1 }, 1.1],
    ["that refusals with Retry-After tell", { server: server({}), replicas: 1 }, 1.6],
    ["that refusals alone tell", { server: server({ tells: "nothing" }), replicas: 1 }, 1.6],
    ["in windows of a second", { server: server({ kind: "window" }), replicas: 1 }, 1.6],
    ["that the settings name, with three replicas", { server: server({}), configured, replicas: 3 }, 1.05],
  ])("%s are all answered", async (_case, load, mostCalls) => {
    const queue = await openTestQueue(quotaQueueSettings);
    const outcome = await runQuotaLoad(queue, { requests, deadlineMs: 60_000, ...load });
    await queue.close();
    expect(outcome).toMatchObject({ completed: requests, failed: 0 });
    expect(outcome.calls / requests).toBeLessThanOrEqual(mostCalls);
  });
});
