import type { NativeApi } from "@nocp/contracts/native-request.ts";
import { describe, expect, test } from "vitest";
import { rewriteToolDefinitions } from "./native-tool-definitions.ts";

const parameters = { type: "object", properties: { a: { title: "A" } } };
const shorter = { type: "object", properties: { a: {} } };
const rewritten = (api: NativeApi, tools: unknown, whole = true) =>
  rewriteToolDefinitions({ api, body: { model: "m", tools }, whole, untranslated: [] }, (tool) => ({
    ...tool,
    description: tool.description.trim(),
    parameters: shorter,
  })).body.tools;

describe("definitions of tools in a vendor's own request", () => {
  test.each<[NativeApi, Record<string, unknown>, Record<string, unknown>]>([
    [
      "openai-chat",
      { type: "function", function: { name: "f", description: " F ", parameters, strict: true } },
      { type: "function", function: { name: "f", description: "F", parameters: shorter, strict: true } },
    ],
    [
      "openai-responses",
      { type: "namespace", name: "n", tools: [{ type: "function", name: "f", description: " F ", parameters }] },
      { type: "namespace", name: "n", tools: [{ type: "function", name: "f", description: "F", parameters: shorter }] },
    ],
    [
      "anthropic-messages",
      { name: "f", input_schema: parameters, cache_control: { type: "ephemeral" } },
      { name: "f", input_schema: shorter, cache_control: { type: "ephemeral" } },
    ],
  ])("are rewritten where %s has them, and nothing else is", (api, tool, expected) => {
    expect(rewritten(api, [tool])).toEqual([expected]);
  });

  test.each<[string, unknown]>([
    ["tools of the vendor's own", [{ type: "bash_20250124", name: "bash" }, { type: "web_search" }]],
    ["tools of free text", [{ type: "custom", name: "patch", description: " P ", format: { type: "text" } }]],
    ["what is no list of tools", { name: "f" }],
  ])("stay as they are: %s", (_, tools) => {
    expect(rewritten("openai-responses", tools)).toEqual(tools);
  });

  test("stay as they are in a part of a request", () => {
    const tools = [{ type: "function", name: "f", description: " F ", parameters }];
    expect(rewritten("openai-responses", tools, false)).toBe(tools);
  });
});
