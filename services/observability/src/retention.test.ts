import { expect, test } from "vitest";
import { deleteExpired, startRetention } from "./retention.ts";

const dayMs = 86_400_000;

test("expired rows go in steps with other work in between", async () => {
  let rows = 1200;
  const order: string[] = [];
  setImmediate(() => order.push("other work"));
  const deleted = await deleteExpired(
    {
      deleteBefore: (_, limit) => {
        const step = Math.min(rows, limit);
        rows -= step;
        order.push(`deleted ${step}`);
        return step;
      },
    },
    1000,
  );
  expect(deleted).toBe(1200);
  expect(order[0]).toBe("deleted 500");
  expect(order.indexOf("other work")).toBeLessThan(order.indexOf("deleted 200"));
});

test("it asks for what is older than the retention, reports a failure, and stops when told to", async () => {
  const asked: number[] = [];
  const outcomes: unknown[] = [];
  const stop = startRetention({
    store: {
      deleteBefore: (before) => {
        asked.push(before);
        throw new Error("database is locked");
      },
    },
    retentionDays: 2,
    intervalMs: 3_600_000,
    now: () => 10 * dayMs,
    onRun: (outcome) => outcomes.push(outcome),
  });
  await stop();
  expect(asked).toEqual([]);
  expect(outcomes).toEqual([{ deleted: 0 }]);

  const stopSecond = startRetention({
    store: {
      deleteBefore: (before) => {
        asked.push(before);
        throw new Error("database is locked");
      },
    },
    retentionDays: 2,
    intervalMs: 3_600_000,
    now: () => 10 * dayMs,
    onRun: (outcome) => outcomes.push(outcome),
  });
  await new Promise(setImmediate);
  await stopSecond();
  expect(asked).toEqual([8 * dayMs]);
  expect(outcomes[1]).toMatchObject({ error: { message: "database is locked" } });
});
