import { describe, expect, test } from "vitest";
import { handedBody } from "./handed-message.ts";
import { factSchemas } from "./messages.ts";
import { requestSchema } from "./request.ts";

const request = requestSchema.parse({ query: "Where is it?" });
const carried = { requestId: "r", lane: "interactive", submittedAt: 1, deadlineAt: 2, request } as const;
const toolResult = { id: "call-1", name: "file.read", status: "succeeded", data: { ok: true }, bytes: 2, elapsedMs: 1 } as const;

describe("a message that a stage hands to another one", () => {
  test.each([
    ["nothing beside what it must hold", carried],
    ["results of tools", { ...carried, toolResults: [toolResult] }],
    ["an answer of tools in a round", { ...carried, toolRounds: [{ text: "", requests: [], results: [toolResult] }] }],
  ])("with %s is read as if it had been stored", (_what, content) => {
    expect(handedBody("tools.completed", content).data).toEqual(factSchemas["tools.completed"].parse(content));
  });

  test("shares nothing that was filled in with other messages", () => {
    const bodies = [carried, carried].map((content) => handedBody("tools.completed", content).data as { warnings: string[] });
    bodies[0]?.warnings.push("changed");
    expect(bodies[1]?.warnings).toEqual([]);
  });

  test("goes on with the very request that was checked when it came in", () => {
    expect(handedBody("tools.completed", carried).data).toHaveProperty("request", request);
    expect((handedBody("tools.completed", carried).data as { request: unknown }).request).toBe(request);
  });

  test.each([
    ["toolResults", { ...carried, toolResults: [{ ...toolResult, data: () => 1 }] }],
    ["toolRounds", { ...carried, toolRounds: [{ text: "", requests: [], results: [{ ...toolResult, bytes: -1 }] }] }],
  ])("is refused when %s holds what no stored message could", (_field, content) => {
    expect(handedBody("tools.completed", content).success).toBe(false);
  });

  test("has texts of whole characters only", () => {
    const content = {
      ...carried,
      toolResults: [{ ...toolResult, data: "half \ud83d" }],
      warnings: [{ code: "X", message: "\ude00" }],
    };
    const { toolResults, warnings } = handedBody("tools.completed", content).data as typeof content;
    expect(toolResults[0]?.data).toBe("half \ufffd");
    expect(warnings[0]?.message).toBe("\ufffd");
  });
});
