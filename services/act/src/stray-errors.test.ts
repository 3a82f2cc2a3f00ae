import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { describe, expect, test } from "vitest";
import { createTestTools, testTool } from "../../../test/fixtures/act-test-tool.ts";
import { createStrayErrors, type StrayErrors } from "./stray-errors.ts";

/** Some time later, in a callback of its own. */
const later = (work: () => void): void => void setTimeout(work, 1);
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

describe("an error of a tool's callback", () => {
  test("fails its call at once, and no other", async () => {
    const survived: boolean[] = [];
    let stray: StrayErrors | undefined;
    let aborted = false;
    const throwing = testTool("throwing", (_input, { signal }) => {
      signal.addEventListener("abort", () => (aborted = true));
      later(() => survived.push(stray?.receive(new Error("from a callback")) === true));
      return new Promise(() => {});
    });
    const good = testTool("good", () => pause().then(() => "good"));
    const { runTools, strayErrors } = createTestTools([throwing, good]);
    stray = strayErrors;
    const calls = ["good", "throwing", "good"].map((name, at) => ({ id: `c${at}`, name, arguments: {} }));
    const results = await runTools(calls, 0, createTestContext());
    expect(results.map(({ data, error }) => data ?? error)).toMatchObject([
      "good",
      { code: "TOOL_FAILED", message: "from a callback" },
      "good",
    ]);
    expect(survived).toEqual([true]);
    expect(aborted).toBe(true);
  });

  test("is one failed attempt of a tool that may be tried again", async () => {
    let stray: StrayErrors | undefined;
    const flaky = testTool(
      "flaky",
      (_input, { attempt }) => {
        if (attempt > 1) return "second";
        later(() => stray?.receive(new Error("first")));
        return new Promise(() => {});
      },
      { idempotent: true, maxAttempts: 2 },
    );
    const { runTools, strayErrors } = createTestTools([flaky]);
    stray = strayErrors;
    const [result] = await runTools([{ id: "c", name: "flaky", arguments: {} }], 0, createTestContext());
    expect(result).toMatchObject({ status: "succeeded", data: "second", attempts: 2 });
  });

  test("changes nothing once its call is over", async () => {
    let stray: StrayErrors | undefined;
    const survived: boolean[] = [];
    const hasty = testTool("hasty", () => {
      later(() => survived.push(stray?.receive(new Error("too late")) === true));
      return "done";
    });
    const { runTools, strayErrors } = createTestTools([hasty]);
    stray = strayErrors;
    const [result] = await runTools([{ id: "c", name: "hasty", arguments: {} }], 0, createTestContext());
    await pause();
    expect(result).toMatchObject({ status: "succeeded", data: "done" });
    expect(survived).toEqual([true]);
  });
});

describe("errors that reach the process", () => {
  const setUp = () => {
    const reported: string[] = [];
    const clock = { nowMs: 0 };
    let stops = 0;
    const strayErrors = createStrayErrors({
      now: () => clock.nowMs,
      report: (toolName) => void reported.push(toolName),
      stopService: () => {
        stops += 1;
      },
    });
    const receive = (over: boolean, times = 1): boolean => {
      let survives = true;
      for (let time = 0; time < times; time += 1) {
        const code = { toolName: "loud", fail: () => !over };
        survives = strayErrors.attribute(code, () => strayErrors.receive(new Error("loud")));
      }
      return survives;
    };
    return { strayErrors, reported, clock, receive, stops: () => stops };
  };

  test("end it when they are no tool's, also where a tool called NOCP's own code", () => {
    const { strayErrors, reported } = setUp();
    expect(strayErrors.receive(new Error("own"))).toBe(false);
    const code = { toolName: "calling", fail: () => true };
    expect(strayErrors.attribute(code, () => strayErrors.disown(() => strayErrors.receive(new Error("own"))))).toBe(false);
    expect(reported).toEqual([]);
  });

  test("never end it when each fails a call, however many they are", () => {
    const { receive, stops, reported } = setUp();
    expect(receive(false, 100_000)).toBe(true);
    expect(stops()).toBe(0);
    expect(reported).toHaveLength(100_000);
  });

  test("of calls that are over stop the service when they are more than a thousand a minute", () => {
    const { receive, clock, stops } = setUp();
    receive(true, 1000);
    clock.nowMs = 60_000;
    receive(true, 1000);
    expect(stops()).toBe(0);
    expect(receive(true)).toBe(true);
    expect(stops()).toBe(1);
  });

  test("end it at once when the service cannot even stop", () => {
    const { receive, stops, reported } = setUp();
    expect(receive(true, 10_000)).toBe(true);
    expect(receive(true)).toBe(false);
    expect(stops()).toBe(1);
    expect(reported.length).toBeLessThanOrEqual(1001);
  });
});
