import { describe, expect, it } from "vitest";
import { splitBetas, withBetas } from "./betas.ts";
import { isAnthropicModel, planContext } from "./context-management.ts";

const clearing = { type: "clear_tool_uses_20250919", keep: { type: "tool_uses", value: 3 } };
const thinking = { type: "clear_thinking_20251015", keep: "all" };
const summary = { type: "compact_20260112", trigger: { type: "input_tokens", value: 60_000 } };

describe("what is done with a long context", () => {
  it("is left to Anthropic where it is asked, but for summaries", () => {
    expect(planContext({ edits: [clearing, thinking] }, true)).toEqual({
      sent: { edits: [clearing, thinking] },
      limit: undefined,
    });
    expect(planContext({ edits: [clearing, summary] }, true)).toEqual({ sent: { edits: [clearing] }, limit: 60_000 });
    expect(planContext({ edits: [summary] }, true)).toEqual({ sent: undefined, limit: 60_000 });
  });

  it("is NOCP's for other models, which have no thinking of Anthropic's to clear", () => {
    expect(planContext({ edits: [thinking] }, false).limit).toBeUndefined();
    expect(planContext({ edits: [thinking, clearing, summary] }, false).limit).toBe(60_000);
    const byUses = { ...clearing, trigger: { type: "tool_uses", value: 5 } };
    expect(planContext({ edits: [byUses] }, false).limit).toBe(100_000);
  });

  it.each([undefined, {}, { edits: null }, { edits: [] }])("is nothing where nothing is asked: %j", (asked) => {
    expect(planContext(asked, false)).toEqual({ sent: undefined, limit: undefined });
  });

  it("depends on the name of the model, of any account", () => {
    expect(["anthropic/claude-sonnet-5", "anthropic@eu/x", "claude-haiku-4-5"].map(isAnthropicModel)).toEqual([true, true, true]);
    expect(["openai/gpt-5", "nocp/auto", "openrouter/anthropic/claude"].map(isAnthropicModel)).toEqual([false, false, false]);
  });
});

describe("features of the API", () => {
  it("are named in a header, or in the body, or in both, and sent in a header", () => {
    const body = withBetas({ model: "m", betas: ["b", "c"] }, { "anthropic-beta": "a, b,," });
    expect(splitBetas(body)).toEqual({ body: { model: "m" }, headers: { "anthropic-beta": "a,b,c" } });
    expect(splitBetas(withBetas({ model: "m" }, {}))).toEqual({ body: { model: "m" }, headers: {} });
  });

  it("never become another header", () => {
    expect(splitBetas({ betas: ["a\r\nx-evil: 1"] })).toEqual({ body: {}, headers: {} });
  });
});
