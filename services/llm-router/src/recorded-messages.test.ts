import { describe, expect, it } from "vitest";
import { finishReasonOf, recordedAnswers, recordedPrompt } from "./recorded-messages.ts";

describe("a recorded prompt", () => {
  it("holds texts, images, calls of tools and their results as parts", () => {
    const request = { id: "c1", name: "weather", arguments: { city: "Oslo" } };
    expect(
      recordedPrompt([
        { role: "system", text: "Be brief." },
        {
          role: "user",
          text: "What is this?",
          parts: [
            { type: "image", data: "aGk=", mediaType: "image/png" },
            { type: "file", url: "https://example.com/a.pdf" },
            { type: "text", text: "a caption" },
          ],
        },
        { role: "assistant", text: "", toolRequests: [request] },
        { role: "tool", text: "18 degrees", toolRequestId: "c1" },
      ]),
    ).toEqual([
      { role: "system", parts: [{ type: "text", content: "Be brief." }] },
      {
        role: "user",
        parts: [
          { type: "blob", modality: "image", mime_type: "image/png", content: "aGk=" },
          { type: "uri", modality: "document", uri: "https://example.com/a.pdf" },
          { type: "text", content: "a caption" },
          { type: "text", content: "What is this?" },
        ],
      },
      { role: "assistant", parts: [{ type: "tool_call", ...request }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "18 degrees" }] },
    ]);
  });
});

describe("recorded answers", () => {
  const answer = { text: "Oslo.", reasoning: "Norway.", toolRequests: [], finishReason: "stop" } as const;

  it("are a message each, with what the model thought before the first", () => {
    expect(recordedAnswers({ ...answer, alternatives: ["Bergen."] })).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "Norway." },
          { type: "text", content: "Oslo." },
        ],
        finish_reason: "stop",
      },
      { role: "assistant", parts: [{ type: "text", content: "Bergen." }], finish_reason: "stop" },
    ]);
  });

  it("hold the calls that the model asks for", () => {
    const asking = { ...answer, reasoning: "", text: "", toolRequests: [{ id: "c", name: "n", arguments: {} }] };
    expect(recordedAnswers({ ...asking, finishReason: "tool-calls" })).toEqual([
      { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "n", arguments: {} }], finish_reason: "tool_call" },
    ]);
  });

  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["content-filter", "content_filter"],
    ["tool-calls", "tool_call"],
    ["error", "error"],
    ["unknown", "unknown"],
  ] as const)("end for the reason %s, which the conventions spell %s", (reason, spelt) =>
    expect(finishReasonOf(reason)).toBe(spelt),
  );
});
