import { describe, expect, it } from "vitest";
import { isStrictSchema } from "../vendors/openai/strict-schema.ts";
import { createToolNames } from "./tool-names.ts";
import { wellFormedMessages } from "./well-formed-messages.ts";

describe("tool names", () => {
  const tools = ["file.read", "file_read", "file:read", "x".repeat(80), `${"x".repeat(80)}y`];
  const names = createToolNames(tools);

  it("fit every vendor and stay distinct", () => {
    const sent = tools.map(names.toVendor);
    for (const name of sent) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(new Set(sent).size).toBe(tools.length);
  });

  it("come back as they were", () => {
    expect(tools.map((tool) => names.fromVendor(names.toVendor(tool)))).toEqual(tools);
  });

  it("that a model made up stay as they are, so that act can say so", () => {
    expect(names.fromVendor("no_such_tool")).toBe("no_such_tool");
  });
});

describe("a conversation that a caller hands in", () => {
  it("keeps tool messages that answer a call, and tells others as the user's", () => {
    const request = { id: "c1", name: "t", arguments: {} };
    const messages = wellFormedMessages([
      { role: "tool", text: "orphan", toolRequestId: "c0" },
      { role: "tool", text: "no id" },
      { role: "assistant", text: "", toolRequests: [request] },
      { role: "tool", text: "answer", toolRequestId: "c1" },
      { role: "user", text: "" },
    ]);
    expect(messages.map(({ role, text }) => `${role}:${text}`)).toEqual([
      "user:orphan",
      "user:no id",
      "assistant:",
      "tool:answer",
    ]);
  });
});

describe("OpenAI's strict mode", () => {
  const object = (more: object) => ({
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
    additionalProperties: false,
    ...more,
  });
  it.each([
    ["all required and nothing else allowed", object({}), true],
    ["nested objects alike", object({ properties: { a: object({}) } }), true],
    ["a list of such objects", object({ properties: { a: { type: "array", items: object({}) } } }), true],
    ["an optional property", object({ required: [] }), false],
    ["additional properties", object({ additionalProperties: true }), false],
    ["a nested object that is loose", object({ properties: { a: { type: "object", properties: {} } } }), false],
    ["a root that is no object", { type: "array", items: { type: "string" } }, false],
    ["oneOf", object({ properties: { a: { oneOf: [] } } }), false],
  ])("%s: %#", (_name, schema, strict) => {
    expect(isStrictSchema(schema)).toBe(strict);
  });
});
