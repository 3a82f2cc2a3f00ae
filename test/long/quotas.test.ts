// 200 requests against a quota of 5 a second, which is 40 s of work, with a deadline of 300 s.
import { describe, expect, test } from "vitest";
import { quotaQueueSettings, runQuotaLoad } from "../fixtures/quota-load.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";
import { type ServerQuota, tokensOfCall } from "../servers/quota-server.ts";

const queue = useTestQueue(quotaQueueSettings);
const requests = 200;
const perSecond = 5;
const idealMs = (requests / perSecond) * 1_000;
const slowest = 1.25;

const server = (more: Partial<ServerQuota> = {}): ServerQuota => ({
  kind: "bucket",
  perSecond,
  counts: "requests",
  tells: "retry-after",
  answerMs: 50,
  ...more,
});
const perCall = tokensOfCall.input + tokensOfCall.output;
const tokens = (more: Partial<ServerQuota> = {}) => server({ counts: "tokens", perSecond: perSecond * perCall, ...more });
const requestsPerMinute = perSecond * 60;
const tokensPerMinute = perSecond * perCall * 60;

describe("200 requests against a quota of 5 a second", () => {
  test.each([
    ["configured", { server: server(), configured: { requestsPerMinute }, replicas: 1 }, 1.05],
    ["configured, in windows", { server: server({ kind: "window" }), configured: { requestsPerMinute }, replicas: 1 }, 1.05],
    ["configured, three replicas", { server: server(), configured: { requestsPerMinute }, replicas: 3 }, 1.05],
    ["in headers", { server: server({ tells: "headers" }), replicas: 1 }, 1.05],
    ["in headers, in windows", { server: server({ tells: "headers", kind: "window" }), replicas: 1 }, 1.05],
    ["in headers, three replicas", { server: server({ tells: "headers" }), replicas: 3 }, 1.05],
    ["with Retry-After alone", { server: server(), replicas: 1 }, 1.4],
    ["with Retry-After alone, in windows", { server: server({ kind: "window" }), replicas: 1 }, 1.4],
    ["with Retry-After alone, three replicas", { server: server(), replicas: 3 }, 1.4],
    ["with nothing but refusals", { server: server({ tells: "nothing" }), replicas: 1 }, 1.4],
    ["with nothing but refusals, three replicas", { server: server({ tells: "nothing" }), replicas: 3 }, 1.4],
    ["tokens, configured", { server: tokens(), configured: { tokensPerMinute }, replicas: 1 }, 1.05],
    ["tokens, in headers, three replicas", { server: tokens({ tells: "headers" }), replicas: 3 }, 1.05],
    ["tokens, with Retry-After alone", { server: tokens(), replicas: 1 }, 1.4],
  ])("%s", async (title, load, mostCalls) => {
    const outcome = await runQuotaLoad(queue, { requests, deadlineMs: 300_000, ...load });
    const ratio = outcome.tookMs / idealMs;
    console.log(`${title}: ${ratio.toFixed(2)} of the ideal time, ${(outcome.calls / requests).toFixed(3)} calls a request`);
    expect(outcome).toMatchObject({ completed: requests, failed: 0 });
    expect(ratio).toBeLessThanOrEqual(slowest);
    expect(outcome.calls / requests).toBeLessThanOrEqual(mostCalls);
  });
});
