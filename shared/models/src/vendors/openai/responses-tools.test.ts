import { describe, expect, it } from "vitest";
import { callItem, knownTools, offeredTools, readCall, toolsSchema } from "./responses-tools.ts";

const sent = [
  { type: "function", name: "run", parameters: { type: "object" } },
  {
    type: "custom",
    name: "apply_patch",
    description: "Edits.",
    format: { type: "grammar", syntax: "lark", definition: "start: x" },
  },
  { type: "namespace", name: "mcp__wiki", tools: [{ type: "function", name: "read" }] },
  { type: "namespace", name: "mcp__shop__", tools: [{ type: "custom", name: "read" }] },
  { type: "web_search" },
];

describe("tools that the caller runs", () => {
  it("are functions with a name each, and keep a grammar in their description", () => {
    const tools = offeredTools(toolsSchema.parse(sent));
    expect(tools.map(({ name }) => name)).toEqual(["run", "apply_patch", "mcp__wiki__read", "mcp__shop__read"]);
    expect(tools[1]).toMatchObject({ description: expect.stringContaining("start: x"), parameters: { required: ["input"] } });
  });

  it.each([
    [{ type: "code_interpreter" }, "tools[0].type"],
    [{ type: "function" }, "tools[0].name"],
    [{ type: "namespace", name: "n", tools: [{ type: "mcp", name: "x" }] }, "tools[0].tools[0].type"],
    [{ type: "namespace", name: "n", tools: [{ type: "namespace", name: "m" }] }, "tools[0].tools[0].type"],
    [{ type: "namespace", name: "n".repeat(100), tools: [{ type: "custom", name: "x".repeat(60) }] }, "tools[0].tools[0].name"],
    [{ type: "namespace", name: "n", tools: [{ type: "function", name: "x", parameters: 7 }] }, "tools[0].tools[0]"],
  ])("are refused by the field that is wrong: %j", (tool, field) => {
    expect(() => offeredTools(toolsSchema.parse([tool]))).toThrow(expect.objectContaining({ code: "INVALID_REQUEST", field }));
  });
});

describe("a call of a tool", () => {
  const known = knownTools(sent);
  const again = (item: Readonly<Record<string, unknown>>) => {
    const { id = "", name = "", sent } = readCall(item) ?? {};
    const input = typeof sent === "string" ? JSON.parse(sent) : sent;
    return callItem({ id, name, arguments: input }, known);
  };

  it.each([
    { type: "function_call", call_id: "c", name: "run", arguments: '{"a":1}' },
    { type: "function_call", call_id: "c", name: "read", namespace: "mcp__wiki", arguments: "{}" },
    { type: "custom_tool_call", call_id: "c", name: "apply_patch", input: 'not "JSON"\n' },
    { type: "custom_tool_call", call_id: "c", name: "read", namespace: "mcp__shop__", input: "" },
  ])("is the same after it was read: %j", (item) => {
    expect(again(item)).toMatchObject(item);
  });

  it("of a tool that nobody offered is a function's", () => {
    expect(callItem({ id: "c", name: "made_up", arguments: {} }, known)).toMatchObject({
      type: "function_call",
      name: "made_up",
    });
  });

  it("is none without a name or an id", () => {
    expect(readCall({ type: "function_call", call_id: "c", name: "", arguments: "{}" })).toBeUndefined();
    expect(readCall({ type: "reasoning", call_id: "c", name: "x" })).toBeUndefined();
  });
});
