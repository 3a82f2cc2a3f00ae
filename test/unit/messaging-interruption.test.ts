import { createDeadlineWatch } from "@nocp/shared/messaging/deadline-watch.ts";
import { Interruption } from "@nocp/shared/messaging/interruption.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

describe("an interruption", () => {
  test("tells its listeners and its signal once, with the first reason", () => {
    const interruption = new Interruption();
    const heard: unknown[] = [];
    interruption.onAbort(() => heard.push(interruption.reason));
    const { signal } = interruption;
    expect([interruption.aborted, signal.aborted]).toEqual([false, false]);
    interruption.abort("deadline");
    interruption.abort("shutdown");
    expect(heard).toEqual(["deadline"]);
    expect([interruption.aborted, interruption.reason, signal.aborted, signal.reason]).toEqual([
      true,
      "deadline",
      true,
      "deadline",
    ]);
  });

  test("that has been is told to who asks later", () => {
    const interruption = new Interruption();
    interruption.abort("cancelled");
    const listener = vi.fn();
    interruption.onAbort(listener);
    expect(listener).toHaveBeenCalledOnce();
    expect([interruption.signal.aborted, interruption.signal.reason]).toEqual([true, "cancelled"]);
  });
});

describe("a deadline watch", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const start = () => {
    const watch = createDeadlineWatch(Date.now);
    const passed: string[] = [];
    return { passed, watch: (name: string, inMs: number) => watch.watch(Date.now() + inMs, () => passed.push(name)) };
  };

  test("calls back for each deadline when it has passed, in whatever order they came", () => {
    const { watch, passed } = start();
    watch("late", 5_000);
    watch("soon", 100);
    watch("later", 2_000);
    vi.advanceTimersByTime(99);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(passed).toEqual(["soon"]);
    watch("sooner than the rest", 10);
    vi.advanceTimersByTime(10);
    expect(passed).toEqual(["soon", "sooner than the rest"]);
    vi.advanceTimersByTime(5_000);
    expect(passed).toEqual(["soon", "sooner than the rest", "later", "late"]);
  });

  test("calls back for nothing that has ended, nor for what took its place too early", () => {
    const { watch, passed } = start();
    const end = watch("ended", 100);
    end();
    watch("in its place", 1_000);
    end();
    vi.advanceTimersByTime(500);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(passed).toEqual(["in its place"]);
  });

  test("waits for deadlines beyond the longest timer", () => {
    const { watch, passed } = start();
    const days = 86_400_000;
    watch("in forty days", 40 * days);
    vi.advanceTimersByTime(39 * days);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(days);
    expect(passed).toEqual(["in forty days"]);
  });

  test("a deadline that has passed already is told in the next turn", () => {
    const { watch, passed } = start();
    watch("past", -5);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(passed).toEqual(["past"]);
  });
});
