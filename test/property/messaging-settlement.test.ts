import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type Load, reservedSlots, roomOf, selectLane } from "@nocp/runtime/stage/lane-scheduler.ts";
import { settlementOf } from "@nocp/runtime/stage/settlement.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const codes = Object.keys(errorCatalogue) as ErrorCode[];

describe("settlement", () => {
  test("every error ends a delivery, no retry passes the deadline, and attempts are bounded", () => {
    const errors = fc.oneof(
      fc
        .constantFrom(...codes)
        .chain((code) =>
          fc
            .option(fc.nat(1e7), { nil: undefined })
            .map((retryAfterMs) => new NocpError(code, "x", retryAfterMs === undefined ? {} : { retryAfterMs })),
        ),
      fc.anything(),
    );
    const failures = fc.record({
      attempt: fc.integer({ min: 1, max: 20 }),
      now: fc.nat(1e9),
      deadlineAt: fc.nat(1e9),
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
    });
    fc.assert(
      fc.property(errors, failures, fc.integer({ min: 1, max: 10 }), (error, failed, maxAttempts) => {
        const settlement = settlementOf(error, failed, { maxAttempts, retryBaseMs: 100, retryMaxMs: 30_000 });
        if (settlement.kind === "retry") {
          expect(failed.attempt).toBeLessThan(maxAttempts);
          expect(failed.now + settlement.delayMs).toBeLessThan(failed.deadlineAt);
        }
        expect(settlement.kind).not.toBe("ack");
      }),
    );
  });
});

describe("two lanes", () => {
  const loads = fc.record({ queued: fc.nat(100), running: fc.nat(64) });
  const anyLoad: fc.Arbitrary<Load> = fc.record({ interactive: loads, batch: loads });

  test("never more run than there are slots, and a free slot is used while anything waits", () => {
    fc.assert(
      fc.property(
        anyLoad,
        fc.integer({ min: 1, max: 64 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (load, concurrency, share) => {
          const lane = selectLane(load, concurrency, share);
          const running = load.interactive.running + load.batch.running;
          if (running >= concurrency) expect(lane).toBeUndefined();
          else if (load.interactive.queued > 0) expect(lane).toBeDefined();
          if (lane) expect(load[lane].queued).toBeGreaterThan(0);
        },
      ),
    );
  });

  test("with work in both lanes each gets its reserved slots", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), fc.double({ min: 0.05, max: 0.5, noNaN: true }), (concurrency, share) => {
        const running = { interactive: 0, batch: 0 };
        for (let slot = 0; slot < concurrency; slot++) {
          const lane = selectLane(
            { interactive: { queued: 100, running: running.interactive }, batch: { queued: 100, running: running.batch } },
            concurrency,
            share,
          );
          if (lane) running[lane] += 1;
        }
        const reserved = reservedSlots(concurrency, share);
        expect(running.interactive + running.batch).toBe(concurrency);
        expect(running.batch).toBeGreaterThanOrEqual(Math.min(reserved, concurrency));
        expect(running.interactive).toBeGreaterThanOrEqual(Math.min(reserved, concurrency - reserved));
      }),
    );
  });

  test("a lane never pulls more than it could hold", () => {
    fc.assert(
      fc.property(anyLoad, fc.integer({ min: 1, max: 64 }), (load, concurrency) => {
        for (const lane of ["interactive", "batch"] as const) {
          expect(roomOf(lane, load, concurrency, 0.25) + load[lane].queued + load[lane].running).toBeLessThanOrEqual(concurrency);
        }
      }),
    );
  });
});
