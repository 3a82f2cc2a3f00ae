import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { ShutdownSignal } from "@nocp/runtime/stage/settlement.ts";
import { describe, expect, it } from "vitest";
import {
  fakeContext,
  optimizedMessage,
  requestId,
  scriptedProvider,
  vendorError,
  weatherTool,
} from "../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, delayed, rejection, routerOf } from "../../../test/fixtures/llm-router-handler.ts";
import { completionRecordSchema } from "./completion-record.ts";

describe("M7: what is paid is not paid again", () => {
  it("a message that is certainly new costs neither a look at the records nor a record", async () => {
    const { handle, completions } = routerOf([scriptedProvider("first", [{}])]);
    completions.get = () => expect.unreachable();
    completionIn(await handle(optimizedMessage({}), fakeContext()));
    expect(completions.entries.size).toBe(0);
  });

  it("a completion that cannot be published at once is recorded, and read back to the last number", async () => {
    const provider = scriptedProvider("first", [{}]);
    const { handle, completions } = routerOf([provider]);
    const message = optimizedMessage({});
    const first = await delayed(handle(message, fakeContext()));
    completionRecordSchema.parse(completions.entries.get(`default.${requestId}.0`));
    const second = completionIn(await handle(message, fakeContext({ attempt: 2 })));
    expect(provider.calls).toHaveLength(1);
    expect(second).toEqual(completionIn(first));
  });

  it.each(["completion.received", "response.ready"] as const)(
    "a redelivery after %s is stored pays and emits nothing",
    async (fact) => {
      const provider = scriptedProvider("first", [{}]);
      const { handle } = routerOf([provider]);
      expect(await handle(optimizedMessage({}), fakeContext({ attempt: 2, stored: [fact] }))).toEqual([]);
      expect(provider.calls).toHaveLength(0);
    },
  );

  it("after an outage, a replica that still holds the message has the time to publish its answer", async () => {
    const waits: number[] = [];
    const stored: "completion.received"[] = [];
    const provider = scriptedProvider("first", []);
    const { handle } = routerOf(
      [provider],
      {},
      {
        wait: async (delayMs) => {
          waits.push(delayMs);
          stored.push("completion.received");
        },
      },
    );
    const context = fakeContext({ mayBeRepeated: true, stored, sinceOutageMs: () => 500 });
    expect(await handle(optimizedMessage({}), context)).toEqual([]);
    expect([waits, provider.calls.length]).toEqual([[1_500], 0]);
  });

  it("nothing is waited for long after an outage, nor for a message that is certainly new", async () => {
    const provider = scriptedProvider("first", [{}, {}]);
    const { handle } = routerOf([provider], {}, { wait: () => expect.unreachable() });
    completionIn(await handle(optimizedMessage({}), fakeContext({ mayBeRepeated: true, sinceOutageMs: () => 60_000 })));
    completionIn(await handle(optimizedMessage({}), fakeContext({ mayBeRepeated: false, sinceOutageMs: () => 0 })));
  });

  it("a completion that comes with an abort is recorded: nobody will publish it", async () => {
    const context = fakeContext();
    const provider = scriptedProvider("first", [{}]);
    const { handle, completions } = routerOf([provider]);
    // Its time is taken right after the answer.
    const elapsedMs = () => {
      if (provider.calls.length > 0) context.abort(new ShutdownSignal());
      return 1;
    };
    await handle(optimizedMessage({}), { ...context, elapsedMs }).catch(() => undefined);
    expect(completions.entries.size).toBe(1);
  });

  it("a message to act is recorded before it is handed over: a failing store fails the delivery", async () => {
    const asking = { toolRequests: [{ id: "c1", name: weatherTool.name, arguments: {} }] };
    const { handle, completions } = routerOf([scriptedProvider("first", [asking])]);
    completions.put = () => Promise.reject(new NocpError("PUBLISH_FAILED", "no store"));
    const source = { toolResults: [], toolRounds: [], offeredTools: [weatherTool] };
    expect((await rejection(handle(optimizedMessage({}, { source }), fakeContext()) as Promise<unknown>)).code).toBe(
      "PUBLISH_FAILED",
    );
  });

  it("another step of the same request is another completion", async () => {
    const provider = scriptedProvider("first", [{ text: "one" }, { text: "two" }]);
    const { handle } = routerOf([provider]);
    await handle(optimizedMessage({}), fakeContext());
    expect(completionIn(await handle(optimizedMessage({}, { step: 1 }), fakeContext())).completion.text).toBe("two");
  });

  it("failed attempts of earlier deliveries stay on the bill", async () => {
    const { handle } = routerOf([scriptedProvider("first", [vendorError(500), {}])]);
    await rejection(handle(optimizedMessage({}), fakeContext()) as Promise<unknown>);
    const body = completionIn(await handle(optimizedMessage({}), fakeContext({ attempt: 2 })));
    expect(body.spent.attempts.map(({ outcome, errorCode }) => [outcome, errorCode])).toEqual([
      ["failed", "PROVIDER_UNAVAILABLE"],
      ["succeeded", undefined],
    ]);
  });

  it("a recorded stream is shown to its reader whole", async () => {
    const { handle } = routerOf([scriptedProvider("first", [{}])]);
    const message = optimizedMessage({ stream: true });
    await delayed(handle(message, fakeContext()));
    const again = fakeContext({ attempt: 2 });
    await handle(message, again);
    expect(again.deltas).toEqual([
      { text: "Paris", done: false },
      { text: "", done: true },
    ]);
  });

  it("a recorded stream has its reasoning where it was", async () => {
    const data = { type: "thinking", thinking: "Which city?", signature: "c2ln" };
    const reasoningItems = [
      { vendor: "anthropic", data },
      { vendor: "anthropic", data: { type: "redacted_thinking", data: "eA==" }, textBefore: 2 },
    ];
    const { handle } = routerOf([scriptedProvider("first", [{ text: "Paris", reasoning: "Which city?", reasoningItems }])]);
    const message = optimizedMessage({ stream: true });
    await delayed(handle(message, fakeContext()));
    const again = fakeContext({ attempt: 2 });
    await handle(message, again);
    const [first, second] = [0, 1].map((item) => ({ vendor: "anthropic", item }));
    expect(again.deltas.map(({ text, reasoning }) => reasoning ?? text)).toEqual([
      { ...first, text: "Which city?" },
      { ...first, text: "", data },
      "Pa",
      { ...second, text: "", data: reasoningItems[1]?.data },
      "ris",
      "",
    ]);
  });
});
