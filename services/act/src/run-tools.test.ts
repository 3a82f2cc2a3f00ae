import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createTestTools, testTool } from "../../../test/fixtures/act-test-tool.ts";
import { workMs } from "../../../test/linear-work.ts";

const call = (name: string, input: Record<string, unknown> = {}, id = "call-1") => ({ id, name, arguments: input });

/** An object that cannot even be asked for its class. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Runs one call of one tool and returns its result. */
async function runOne(tool: ReturnType<typeof testTool>, options: Parameters<typeof createTestTools>[1] = {}) {
  const { runTools, waitsMs } = createTestTools([tool], options);
  const [result] = await runTools([call(tool.name)], 0, createTestContext());
  return { result: result!, waitsMs };
}

describe("what a tool returns", () => {
  test("becomes JSON data with its size", async () => {
    const { result } = await runOne(testTool("good", () => ({ text: "ä", when: new Date(0), gone: undefined })));
    expect(result).toMatchObject({ status: "succeeded", data: { text: "ä", when: "1970-01-01T00:00:00.000Z" }, attempts: 1 });
    expect(result.bytes).toBe(Buffer.byteLength(JSON.stringify(result.data)));
  });

  test.each([
    ["nothing", undefined, null],
    ["a function", () => 1, null],
    ["an exact BigInt", 12n, 12],
    ["a BigInt beyond 2^53", 2n ** 64n, "18446744073709551616"],
    ["not a number", Number.NaN, null],
    ["a hole in a list", [1, undefined], [1, null]],
    ["a text in an object", new String("text"), "text"],
    ["a proxy", new Proxy({ a: [1] }, {}), { a: [1] }],
    ["a Map, which JSON writes as an object without fields", new Map([["a", 1]]), {}],
    ["a name that would set a prototype", JSON.parse('{"__proto__": {"admin": true}, "a": 1}'), { a: 1 }],
  ])("may be %s", async (_what, returned, expected) => {
    const { result } = await runOne(testTool("odd", () => returned));
    expect(result).toMatchObject({ status: "succeeded" });
    expect(result.data).toEqual(expected);
  });

  const cycle: unknown[] = [];
  cycle.push({ self: cycle });
  let deep: unknown = 1;
  for (let level = 0; level < 10_000; level += 1) deep = [deep];
  const throwing = Object.defineProperty({}, "field", {
    enumerable: true,
    get: () => {
      throw new Error("getter");
    },
  });
  const fieldsOfNothing = Object.fromEntries(Array.from({ length: 1_100_000 }, (_, at) => [`f${at}`, undefined]));
  const growing = { toJSON: () => ({ more: [growing, growing] }) };
  const lengthThat = (length: () => unknown): unknown =>
    new Proxy([1], { get: (target, key) => (key === "length" ? length() : Reflect.get(target, key)) });
  test.each([
    ["50 MB of bytes", new Uint8Array(50_000_000), "TOOL_FAILED"],
    ["a Buffer, before its toJSON lists it", Buffer.alloc(50_000_000), "TOOL_FAILED"],
    ["an ArrayBuffer", new ArrayBuffer(8), "TOOL_FAILED"],
    ["a SharedArrayBuffer", new SharedArrayBuffer(8), "TOOL_FAILED"],
    ["a view of bytes within an object", { file: new DataView(new ArrayBuffer(8)) }, "TOOL_FAILED"],
    ["a proxy of 50 MB of bytes", new Proxy(new Uint8Array(50_000_000), {}), "TOOL_FAILED"],
    ["bytes out of toJSON", { toJSON: () => new Uint8Array(50_000_000) }, "TOOL_FAILED"],
    ["50 MB of text in an object", new String("x".repeat(50_000_000)), "TOOL_OUTPUT_TOO_LARGE"],
    ["more fields than bytes are allowed, all without value", fieldsOfNothing, "TOOL_OUTPUT_TOO_LARGE"],
    ["a list that is long and empty but for its end", Object.assign([], { 4000000000: 1 }), "TOOL_OUTPUT_TOO_LARGE"],
    ["data whose toJSON goes on for ever", growing, "TOOL_FAILED"],
    ["a list whose length is no number", lengthThat(() => Number.NaN), "TOOL_OUTPUT_TOO_LARGE"],
    ["a proxy that throws at every touch", revoked(), "TOOL_FAILED"],
    ["data that holds itself", cycle, "TOOL_FAILED"],
    ["data nested ten thousand levels", deep, "TOOL_FAILED"],
    ["an object whose getter throws", throwing, "TOOL_FAILED"],
    ["50 MB of text", "x".repeat(50_000_000), "TOOL_OUTPUT_TOO_LARGE"],
    ["a list of a thousand million holes", new Array(1e9), "TOOL_OUTPUT_TOO_LARGE"],
    ["a text that only escaping makes too long", "\u0001".repeat(900_000), "TOOL_OUTPUT_TOO_LARGE"],
  ])("is refused when it is %s", async (_what, returned, code) => {
    const { result } = await runOne(testTool("bad", () => returned));
    expect(result).toMatchObject({ status: "failed", bytes: 0, error: { code } });
    expect(result.error?.advice).toBeTruthy();
  });
});

describe("what a tool returns as bytes", () => {
  test("is refused with advice for the tool's author, at no cost", async () => {
    const run = () => runOne(testTool("bytes", () => new Uint8Array(50_000_000)));
    expect(await workMs(run), "written as JSON they take a hundred times as much").toBeLessThan(1000);
    const { result } = await run();
    expect(result.error).toMatchObject({
      code: "TOOL_FAILED",
      message: expect.stringContaining("bytes"),
      advice: expect.stringContaining("base64"),
    });
  });

  test("is not looked at once the time is up", async () => {
    const { result } = await runOne(
      testTool(
        "late",
        (_input, { signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(unread))),
        {
          timeoutMs: 20,
        },
      ),
    );
    expect(result.error?.code).toBe("TOOL_TIMEOUT");
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(touches).toBe(0);
  });
  let touches = 0;
  const unread = {
    toJSON: () => {
      touches += 1;
      return 1;
    },
  };
});

describe("what a tool throws", () => {
  test.each([
    [
      "an error",
      () => {
        throw new Error("disk on fire");
      },
      "disk on fire",
    ],
    [
      "a text",
      () => {
        throw "oops";
      },
      "oops",
    ],
    [
      "nothing",
      () => {
        throw undefined;
      },
      "the tool threw undefined",
    ],
    [
      "a BigInt",
      () => {
        throw 1n;
      },
      "the tool threw bigint",
    ],
    [
      "an error without a message",
      () => {
        throw new RangeError();
      },
      "the tool threw RangeError",
    ],
    ["a rejected promise", () => Promise.reject(new Error("later")), "later"],
    ["a proxy that throws at every touch", () => Promise.reject(revoked()), "the tool threw a value that cannot be read"],
  ])("becomes a failed result: %s", async (_what, run, message) => {
    const { result } = await runOne(testTool("thrower", run));
    expect(result).toMatchObject({ status: "failed", error: { code: "TOOL_FAILED", message } });
  });

  test("is cut when it is long", async () => {
    const { result } = await runOne(
      testTool("thrower", () => {
        throw new Error("x".repeat(1_000_000));
      }),
    );
    expect(result.error?.message.length).toBeLessThanOrEqual(500);
  });
});

describe("time", () => {
  test("ends for a tool that ignores its signal, and the signal has fired", async () => {
    let seen: AbortSignal | undefined;
    const hanging = testTool(
      "hanging",
      (_input, { signal }) => {
        seen = signal;
        return new Promise(() => {});
      },
      { timeoutMs: 20 },
    );
    const { result } = await runOne(hanging);
    expect(result).toMatchObject({ status: "failed", error: { code: "TOOL_TIMEOUT" } });
    expect(seen?.aborted).toBe(true);
  });

  test("of all tools is a share of what the request has left, so that the model has some too", async () => {
    const { runTools } = createTestTools([testTool("patient", (_input, { timeoutMs }) => timeoutMs, { timeoutMs: 5000 })]);
    const [result] = await runTools([call("patient")], 0, createTestContext({ now: () => 1000, deadlineAt: 3000 }));
    expect(result?.data).toBe(1000);
  });

  test("that is used up fails the call without running it", async () => {
    let runs = 0;
    const { runTools } = createTestTools([testTool("late", () => (runs += 1))]);
    const [result] = await runTools([call("late")], 0, createTestContext({ now: () => 1000, deadlineAt: 1000 }));
    expect(result).toMatchObject({ status: "failed", error: { code: "TOOL_TIMEOUT" } });
    expect(runs).toBe(0);
  });

  test("that the request ends is no failure of the tool: the reason is thrown for the runtime to settle", async () => {
    const request = new AbortController();
    const { runTools } = createTestTools([
      testTool("waiting", () => {
        request.abort(new NocpError("CANCELLED", "cancelled"));
        return new Promise(() => {});
      }),
    ]);
    const running = runTools([call("waiting")], 0, createTestContext({ signal: request.signal }));
    await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

describe("another attempt", () => {
  const failing = (times: number, error: unknown) => {
    let runs = 0;
    return () => {
      runs += 1;
      if (runs <= times) throw error;
      return { runs };
    };
  };

  test("is made for an idempotent tool, with waits that double, half of each at random", async () => {
    const { result, waitsMs } = await runOne(
      testTool("flaky", failing(2, new Error("again")), { idempotent: true, maxAttempts: 3 }),
    );
    expect(result).toMatchObject({ status: "succeeded", attempts: 3, data: { runs: 3 } });
    expect(waitsMs).toEqual([75, 150]);
  });

  test("waits as long as the error asks for", async () => {
    const error = new NocpError("TOOL_FAILED", "busy", { retryAfterMs: 7000 });
    const { waitsMs } = await runOne(testTool("busy", failing(1, error), { idempotent: true, maxAttempts: 2 }));
    expect(waitsMs).toEqual([7000]);
  });

  test.each([
    ["for a tool that is not idempotent", { idempotent: false, maxAttempts: 3 }, new Error("again")],
    ["for an error that would come again", { idempotent: true, maxAttempts: 3 }, new NocpError("TOOL_REFUSED", "no such file")],
    ["where the tool says no", { idempotent: true, maxAttempts: 3, retryable: () => false }, new Error("again")],
    [
      "where the tool's own judgement throws",
      {
        idempotent: true,
        maxAttempts: 3,
        retryable: () => {
          throw new Error();
        },
      },
      new Error("x"),
    ],
    [
      "when the wait would pass the deadline",
      { idempotent: true, maxAttempts: 3 },
      new NocpError("TOOL_FAILED", "busy", { retryAfterMs: 1e9 }),
    ],
  ])("is not made %s", async (_when, overrides, error) => {
    const { result, waitsMs } = await runOne(testTool("once", failing(1, error), overrides));
    expect(result).toMatchObject({ status: "failed", attempts: 1 });
    expect(waitsMs).toEqual([]);
  });
});

describe("several calls", () => {
  test("do not harm each other, keep their order, and run at once up to the limit", async () => {
    let running = 0;
    let most = 0;
    const counting = testTool("counting", async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return "done";
    });
    const broken = testTool("broken", () => {
      throw new Error("broken");
    });
    const { runTools } = createTestTools([counting, broken], { concurrency: 3 });
    const calls = ["counting", "broken", "nowhere", "counting", "counting", "counting", "counting"].map((name, index) =>
      call(name, {}, `c${index}`),
    );
    const results = await runTools(calls, 0, createTestContext());
    expect(results.map(({ id }) => id)).toEqual(["c0", "c1", "c2", "c3", "c4", "c5", "c6"]);
    expect(results.map(({ error }) => error?.code ?? "ok")).toEqual([
      "ok",
      "TOOL_FAILED",
      "UNKNOWN_TOOL",
      "ok",
      "ok",
      "ok",
      "ok",
    ]);
    expect(most).toBe(3);
  });

  test("with equal arguments are answered from memory when the tool allows it, whatever the order of fields", async () => {
    let runs = 0;
    const tool = testTool("cached", () => ++runs, { idempotent: true, cacheTtlMs: 1000 });
    const { runTools } = createTestTools([tool]);
    let nowMs = 1_000_000;
    const ask = async (input: Record<string, unknown>) =>
      (await runTools([call("cached", input)], 0, createTestContext({ now: () => nowMs })))[0];
    expect(await ask({ a: 1, b: { c: 2, d: 3 } })).toMatchObject({ data: 1, cached: false });
    expect(await ask({ b: { d: 3, c: 2 }, a: 1 })).toMatchObject({ data: 1, cached: true });
    expect(await ask({ a: 2 })).toMatchObject({ data: 2, cached: false });
    nowMs += 1001;
    expect(await ask({ a: 1, b: { c: 2, d: 3 } })).toMatchObject({ data: 3, cached: false });
  });

  test("are told apart by their arguments as they were given, whatever the tool's schema makes of them", async () => {
    let runs = 0;
    const tool = testTool("made", () => ++runs, {
      idempotent: true,
      cacheTtlMs: 1000,
      arguments: z.object({ id: z.string().transform((id) => new Map([["id", BigInt(id)]])) }) as z.ZodType<unknown>,
    });
    const { runTools } = createTestTools([tool]);
    const results = await runTools(
      [call("made", { id: "1" }, "a"), call("made", { id: "2" }, "b")],
      0,
      createTestContext({ now: () => 0 }),
    );
    expect(results.map(({ data }) => data)).toEqual([1, 2]);
  });

  test("get a key each that is the same when a delivery is repeated", async () => {
    const { runTools } = createTestTools([testTool("keyed", (_input, { callKey }) => callKey)]);
    const once = await runTools([call("keyed", {}, "a"), call("keyed", {}, "b")], 1, createTestContext());
    const again = await runTools([call("keyed", {}, "a"), call("keyed", {}, "b")], 1, createTestContext({ attempt: 2 }));
    expect(once.map(({ data }) => data)).toEqual(again.map(({ data }) => data));
    expect(once[0]?.data).not.toBe(once[1]?.data);
  });
});

describe("results together", () => {
  const sized = testTool("sized", async (input) => {
    const { bytes, waitMs } = input as { bytes: number; waitMs: number };
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    return "x".repeat(bytes - 2);
  });
  const broken = testTool("broken", () => {
    throw new Error("broken");
  });
  const sizesOf = (results: readonly { bytes: number; error?: { code: string } | undefined }[]) =>
    results.map(({ bytes, error }) => error?.code ?? bytes);

  test.each([
    ["in the order of the calls", [0, 0, 0, 0]],
    ["in whatever order they come", [20, 15, 10, 5]],
  ])("are refused from where they pass their limit, %s", async (_how, waitsMs) => {
    const { runTools } = createTestTools([sized, broken], { maxTotalResultBytes: 1000 });
    const calls = [400, 600, 100, 10].map((bytes, at) => call("sized", { bytes, waitMs: waitsMs[at] }, `c${at}`));
    const results = await runTools([...calls, call("broken")], 0, createTestContext());
    expect(sizesOf(results)).toEqual([400, 600, "TOOL_OUTPUT_TOO_LARGE", "TOOL_OUTPUT_TOO_LARGE", "TOOL_FAILED"]);
    expect(results[2]).toMatchObject({
      status: "failed",
      bytes: 0,
      error: { advice: expect.stringContaining("maxTotalResultBytes") },
    });
    expect(results[2]).not.toHaveProperty("data");
  });

  test("count what earlier rounds of the model's calls returned", async () => {
    const { runTools } = createTestTools([sized], { maxTotalResultBytes: 1000 });
    const calls = [call("sized", { bytes: 400, waitMs: 0 }, "a"), call("sized", { bytes: 400, waitMs: 0 }, "b")];
    expect(sizesOf(await runTools(calls, 1, createTestContext(), undefined, 500))).toEqual([400, "TOOL_OUTPUT_TOO_LARGE"]);
  });
});

test("a span tells of a call in numbers and codes, and holds neither arguments nor messages", async () => {
  const context = createTestContext();
  const tool = testTool(
    "secretive",
    () => {
      throw new Error("password hunter2");
    },
    { arguments: z.object({ secret: z.string() }) as z.ZodType<unknown> },
  );
  const { runTools } = createTestTools([tool]);
  await runTools([call("secretive", { secret: "hunter2" })], 0, context);
  expect(context.spans).toHaveLength(1);
  expect(context.spans[0]).toMatchObject({
    name: "execute_tool secretive",
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "secretive",
      "gen_ai.tool.call.id": "call-1",
      "error.type": "TOOL_FAILED",
    },
    errorStatus: "TOOL_FAILED",
  });
  expect(JSON.stringify(context.spans)).not.toContain("hunter2");
});
