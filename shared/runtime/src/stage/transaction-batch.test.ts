import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { expect, test } from "vitest";
import { createTransactionBatch } from "./transaction-batch.ts";
import type { Publish } from "./transport.ts";

const resultOf = (requestId: string, more: Partial<NocpResult> = {}): NocpResult => ({
  ...failedResultOf({
    ...{ tenant: "default", requestId, lane: "interactive", submittedAt: 1, completedAt: 2, traceId: null },
    ...{ error: { code: "CANCELLED", message: "cancelled" }, journey: [], attempts: [] },
  }),
  ...more,
});

function setUp() {
  const published: { bytes: number; requestIds: string[] }[] = [];
  const publish: Publish = async ({ body }) => {
    const { transactions } = JSON.parse(new TextDecoder().decode(body)) as { transactions: { requestId: string }[] };
    published.push({ bytes: body.byteLength, requestIds: transactions.map(({ requestId }) => requestId) });
    return { outcome: "stored" } as Awaited<ReturnType<Publish>>;
  };
  return { published, batch: createTransactionBatch(publish, "articulate", () => "id") };
}

test("results that end together share a batch, and each waits until it is stored", async () => {
  const { published, batch } = setUp();
  await Promise.all(["a", "b", "c"].map((id) => batch.add(resultOf(id))));
  expect(published.map(({ requestIds }) => requestIds)).toEqual([["a", "b", "c"]]);
});

test("nothing is made of a result while its caller may still wait for the answer", async () => {
  const { batch } = setUp();
  let reads = 0;
  const watched = new Proxy(resultOf("a"), {
    get(result, name) {
      reads += 1;
      return Reflect.get(result, name);
    },
  });
  const stored = batch.add(watched);
  // What waits for the answer runs in this turn of the event loop.
  await Promise.resolve();
  expect(reads).toBe(0);
  await stored;
  expect(reads).toBeGreaterThan(0);
});

test("a batch stays below the size that messages travel in by themselves", async () => {
  const { published, batch } = setUp();
  const tool = { name: "t".repeat(1_000), status: "succeeded", elapsedMs: 1 };
  const tools = Array.from({ length: 50 }, () => tool) as unknown as NocpResult["tools"];
  const ids = Array.from({ length: 7 }, (_, index) => `r${index}`);
  await Promise.all(ids.map((id) => batch.add(resultOf(id, { tools }))));
  expect(published.flatMap(({ requestIds }) => requestIds)).toEqual(ids);
  expect(published.length).toBeGreaterThan(1);
  for (const { bytes } of published) expect(bytes).toBeLessThan(160 * 1024);
});

test("a result that cannot be written fails alone", async () => {
  const { published, batch } = setUp();
  const unwritable = resultOf("b", { lane: 1n as unknown as NocpResult["lane"] });
  const ends = await Promise.allSettled([batch.add(resultOf("a")), batch.add(unwritable), batch.add(resultOf("c"))]);
  expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(published.map(({ requestIds }) => requestIds)).toEqual([["a", "c"]]);
});
