import type { ProviderCall } from "@nocp/models/provider.ts";
import { describe, expect, it } from "vitest";
import {
  fakeContext,
  optimizedMessage,
  scriptedProvider,
  vendorError,
  weatherTool,
} from "../../../test/fixtures/llm-router-fixtures.ts";
import { completionIn, routerOf } from "../../../test/fixtures/llm-router-handler.ts";

describe("streams", () => {
  const streaming =
    (pieces: readonly string[], end?: Error) => async (call: { onDelta?: (text: string) => void; model: string }) => {
      for (const piece of pieces) call.onDelta?.(piece);
      if (end) throw end;
      return { text: pieces.join(""), finishReason: "stop" as const, usage: null, model: call.model, toolRequests: [] };
    };

  it("publish every piece and then the end", async () => {
    const context = fakeContext();
    const { handle } = routerOf([scriptedProvider("first", [streaming(["Pa", "ris"])])]);
    const body = completionIn(await handle(optimizedMessage({ stream: true }), context));
    expect(context.deltas).toEqual([
      { text: "Pa", done: false },
      { text: "ris", done: false },
      { text: "", done: true },
    ]);
    expect(body.spent.attempts[0]!.timeToFirstTokenMs).toBeTypeOf("number");
  });

  it("never mix two answers: one that broke off is marked as dropped, and the next is shown from its beginning", async () => {
    const context = fakeContext();
    const { handle } = routerOf(
      [
        scriptedProvider("first", [streaming(["Lo", "nd"], vendorError(500))]),
        scriptedProvider("second", [streaming(["Paris"])]),
      ],
      { fallbacks: ["second"] },
    );
    const body = completionIn(await handle(optimizedMessage({ stream: true }), context));
    expect(context.deltas).toEqual([
      { text: "Lo", done: false },
      { text: "nd", done: false },
      { text: "Paris", done: false, restart: true },
      { text: "", done: true },
    ]);
    expect(body.completion.text).toBe("Paris");
  });

  it("have what the model thinks in its place, also of a call that was dropped", async () => {
    const thinking =
      (thought: string, said: string, end?: Error) => async (call: Pick<ProviderCall, "onDelta" | "onReasoning" | "model">) => {
        call.onReasoning?.({ item: 0, text: thought });
        call.onDelta?.(said);
        if (end) throw end;
        const rest = { finishReason: "stop" as const, usage: null, model: call.model, toolRequests: [] };
        return { text: said, reasoning: thought, ...rest };
      };
    const context = fakeContext();
    const { handle } = routerOf(
      [
        scriptedProvider("first", [thinking("Britain?", "Lo", vendorError(500))]),
        scriptedProvider("second", [thinking("France.", "Paris")]),
      ],
      { fallbacks: ["second"] },
    );
    const body = completionIn(await handle(optimizedMessage({ stream: true }), context));
    expect(body.completion.reasoning).toBe("France.");
    expect(body.spent.attempts.at(-1)?.timeToFirstTokenMs).toBeTypeOf("number");
    expect(context.deltas).toEqual([
      { text: "", reasoning: { item: 0, text: "Britain?" }, done: false },
      { text: "Lo", done: false },
      { text: "", reasoning: { item: 0, text: "France." }, done: false, restart: true },
      { text: "Paris", done: false },
      { text: "", done: true },
    ]);
  });

  it("switch unseen when the first candidate fails before it says anything", async () => {
    const context = fakeContext();
    const { handle } = routerOf(
      [scriptedProvider("first", [vendorError(500), vendorError(500)]), scriptedProvider("second", [streaming(["Paris"])])],
      { fallbacks: ["second"] },
    );
    await handle(optimizedMessage({ stream: true }), context);
    expect(context.deltas).toEqual([
      { text: "Paris", done: false },
      { text: "", done: true },
    ]);
  });

  it("are taken from the provider and shown to nobody when the request wants none", async () => {
    const context = fakeContext();
    const { handle } = routerOf([scriptedProvider("first", [streaming(["Paris"])])]);
    const body = completionIn(await handle(optimizedMessage({}), context));
    expect(body.spent.attempts[0]!.timeToFirstTokenMs).toBeTypeOf("number");
    expect(context.deltas).toEqual([]);
  });

  it("have the caller's calls as they come, and of NOCP's own tools nothing", async () => {
    const calling = async ({ onDelta, onToolCall, model }: Pick<ProviderCall, "onDelta" | "onToolCall" | "model">) => {
      const own = { call: 0, id: "c0", name: "clock.now" };
      const first = { call: 1, id: "c1", name: weatherTool.name };
      const second = { call: 2, id: "c2", name: weatherTool.name };
      onToolCall?.({ ...own, text: "{}", done: true });
      onToolCall?.({ ...first, text: '{"city":' });
      onDelta?.("Both.");
      onToolCall?.({ ...first, text: '"Lyon"}', done: true });
      onToolCall?.({ ...second, text: "{}", done: true });
      const requests = [own, first, second].map(({ call: _call, ...request }) => ({ ...request, arguments: {} }));
      return { text: "Both.", finishReason: "tool-calls" as const, usage: null, model, toolRequests: requests };
    };
    const context = fakeContext();
    const { handle } = routerOf([scriptedProvider("first", [calling])]);
    await handle(optimizedMessage({ stream: true, callerTools: [weatherTool] }), context);
    const first = { call: 0, id: "c1", name: weatherTool.name };
    expect(context.deltas.map(({ text, toolCall }) => toolCall ?? text)).toEqual([
      { ...first, text: '{"city":' },
      { ...first, text: '"Lyon"}', done: true },
      "Both.",
      { call: 1, id: "c2", name: weatherTool.name, text: "{}", done: true },
      "",
    ]);
  });

  it("end when the model calls the caller's tool", async () => {
    const context = fakeContext();
    const callerTools = [weatherTool];
    const call = { id: "c1", name: weatherTool.name, arguments: { city: "Lyon" } };
    const provider = scriptedProvider("first", [{ text: "", finishReason: "tool-calls", toolRequests: [call] }]);
    const { handle } = routerOf([provider]);
    await handle(optimizedMessage({ stream: true, callerTools }), context);
    expect(context.deltas).toEqual([{ text: "", done: true }]);
  });
});
