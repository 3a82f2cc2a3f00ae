// Stored bodies that are larger than they say, or never arrive, and an archive that is full.
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { factSubject } from "@nocp/contracts/topology.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { natsSection } from "@nocp/runtime/config/sections.ts";
import { createBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import { emptyToolsCompleted } from "@nocp/runtime/testing/stage-fixtures.ts";
import { testSettings } from "@nocp/runtime/testing/stage-harness.ts";
import type { DroppedBundles } from "@nocp/runtime/transport/archive-limit.ts";
import { openBroker } from "@nocp/runtime/transport/broker.ts";
import { claimsBucket, createClaimCheck } from "@nocp/runtime/transport/claim-check.ts";
import { createExpectedBuckets } from "@nocp/runtime/transport/expected-buckets.ts";
import { claimSizeHeader, newHeaders } from "@nocp/runtime/transport/message-headers.ts";
import { describe, expect, test } from "vitest";
import { useTestQueue } from "../fixtures/test-queue.ts";

const maxRequestBytes = 100_000;
const queue = useTestQueue({ maxRequestBytes });

describe("a stored body", () => {
  test("counts with the bytes that arrive, whatever its sender's header says", async () => {
    await queue.start("act", emptyToolsCompleted);
    const requestId = createRequestId();
    const own = newHeaders();
    const body = new TextEncoder().encode(JSON.stringify({ query: "x".repeat(2 * maxRequestBytes) }));
    await queue.broker.claims.deposit(claimsBucket, "default", body, own);
    own.set(claimSizeHeader, "10");
    const subject = factSubject("request.submitted", { tenant: "default", lane: "interactive", requestId });
    await queue.broker.jetstream.publish(subject, new Uint8Array(0), { headers: own });
    const result = await queue.client.result(requestId, { timeoutMs: 60_000 });
    expect(result).toMatchObject({ status: "failed", error: { code: "REQUEST_TOO_LARGE" } });
  });

  test("of exactly the limit arrives whole", async () => {
    const own = newHeaders();
    const body = new Uint8Array(700_000).fill(7);
    await queue.broker.claims.deposit(claimsBucket, "default", body, own);
    expect(Buffer.from(await queue.broker.claims.redeem(own, "default", body.byteLength)).equals(body)).toBe(true);
    await expect(queue.broker.claims.redeem(own, "default", body.byteLength - 1)).rejects.toMatchObject({
      code: "REQUEST_TOO_LARGE",
    });
  });

  test("that the broker does not deliver is given up after a time", async () => {
    const { connection, claims } = queue.broker;
    const own = newHeaders();
    await claims.deposit(claimsBucket, "default", new Uint8Array(700_000), own);
    const requests = { ask: () => new Promise<never>(() => undefined) };
    const options = {
      requests,
      ttlMs: { [claimsBucket]: 60_000 },
      replicas: 1,
      buckets: createExpectedBuckets(),
      timeoutMs: 500,
    };
    await expect(createClaimCheck(connection, options).redeem(own, "default")).rejects.toMatchObject({
      code: "PUBLISH_FAILED",
      message: expect.stringContaining("0.5 s"),
    });
  });

  test("of which a part is gone is missing", async () => {
    const { connection, requests } = queue.broker;
    const options = {
      requests,
      ttlMs: { [claimsBucket]: 60_000 },
      replicas: 1,
      buckets: createExpectedBuckets(),
    };
    const claims = createClaimCheck(connection, options);
    const own = newHeaders();
    await claims.deposit(claimsBucket, "default", new Uint8Array(700_000), own);
    await queue.broker.manager.streams.purge(`KV_${claimsBucket}`, { filter: `$KV.${claimsBucket}.*.*.1` });
    await expect(claims.redeem(own, "default")).rejects.toMatchObject({ code: "CLAIM_MISSING" });
  });
});

test("an archive that is full drops its oldest bundles, as a whole, and says so", async () => {
  const dropped: DroppedBundles[] = [];
  const broker = await openBroker({
    nats: { ...loadConfig([natsSection]).section(natsSection), url: queue.server.url },
    messaging: testSettings({ archiveMaxBytes: 400_000 }),
    name: "test",
    firstConnectTimeoutMs: 5_000,
    onArchiveDropped: (what) => dropped.push(what),
  });
  const scope = { tenant: "default", kind: "request", id: createRequestId() } as const;
  const bundles = ["a", "b", "c", "d", "e", "f"].map((letter) =>
    createBundle(scope, [{ kind: "document", id: letter, title: "", text: letter.repeat(100_000) }]),
  );
  for (const bundle of bundles) await broker.archive.put(bundle);
  const kept = (await broker.archive.list(scope)).map(({ reference }) => reference);
  expect(kept[0]).toBe(bundles.at(-1)?.reference);
  expect(kept).toHaveLength(bundles.length - dropped.reduce((sum, { bundles: count }) => sum + count, 0));
  expect(kept.length).toBeGreaterThan(1);
  expect(kept).not.toContain(bundles[0]?.reference);
  for (const reference of kept) expect((await broker.archive.get(reference, scope)).reference).toBe(reference);
  const [first] = dropped;
  expect(first).toMatchObject({ bundles: expect.any(Number), storedUntil: expect.any(Number) });
  expect(first?.bytes).toBeGreaterThanOrEqual(100_000);
  await broker.close();
});
