import { chatServerApi } from "@nocp/models/vendors/openai/chat-server.ts";
import { responsesServerApi } from "@nocp/models/vendors/openai/responses-server.ts";
import { describe, expect, it } from "vitest";
import { composeRequest, isHeld } from "./compose-request.ts";
import type { Controls } from "./controls.ts";

const defaults = { compression: "lossless", timeoutMs: 1000, tools: [] } as const;
const access = { tenant: "acme", models: [], lanes: [], compression: null };
const routingOf = (model: string, controls: Controls) => {
  const call = chatServerApi.readCall({ model, messages: [{ role: "user", content: "x" }] });
  return composeRequest(call, controls, defaults, access).routing;
};

describe("the route of a call", () => {
  it("is the model it names, or the deployment's choice", () => {
    expect(routingOf("openai/gpt-5", {})).toEqual({ model: "openai/gpt-5" });
    expect(routingOf("nocp/auto", {})).toEqual({});
  });

  it("is of a tier where no model is named, and in the order of a strategy", () => {
    expect(routingOf("nocp/auto", { tier: "economy", strategy: "lowest-cost" })).toEqual({
      ...{ tier: "economy", strategy: "lowest-cost" },
    });
    const fallbacks = [{ provider: "openai", model: "gpt-5" }];
    expect(routingOf("nocp/auto", { route: ["gemini/g", "openai/gpt-5"], strategy: "latency" })).toEqual({
      ...{ provider: "gemini", model: "g", fallbacks, strategy: "latency" },
    });
  });

  it.each([
    ["gpt-5", {}],
    ["nocp/auto", { route: ["openai/gpt-5"] }],
  ])("has no tier beside a model: %s", (model, controls) => {
    expect(() => routingOf(model, { ...controls, tier: "premium" })).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST", field: "tier" }),
    );
  });
});

it("binary data go where the call wants them, or else where its key does", () => {
  const body = { model: "gpt-5", messages: [{ role: "user", content: "Hi" }] };
  const of = (controls: Controls, key?: "inline" | "reference") =>
    composeRequest(chatServerApi.readCall(body), controls, defaults, { ...access, ...(key ? { payloads: key } : {}) })
      .compression;
  expect(of({})).toEqual({ mode: "lossless" });
  expect(of({}, "reference")).toEqual({ mode: "lossless", payloads: "reference" });
  expect(of({ payloads: "inline" }, "reference")).toEqual({ mode: "lossless", payloads: "inline" });
});

describe("a context that the client wants shortened", () => {
  const compressionOf = (words: number, controls: Controls, compression: "off" | "lossless" = "lossless") => {
    const body = { model: "openai/gpt-5", input: "word ".repeat(words), context_management: [managed] };
    return composeRequest(responsesServerApi.readCall(body), controls, { ...defaults, compression }, access).compression;
  };
  const managed = { type: "compaction", compact_threshold: 1_000 };

  it("is compressed where it may be longer than the client wants", () => {
    expect(compressionOf(5_000, {})).toEqual({ mode: "auto", maxTokens: 1_000 });
    expect(compressionOf(100, {})).toEqual({ mode: "lossless" });
  });

  it("is left alone where NOCP is told to remove nothing", () => {
    expect(compressionOf(5_000, { compression: "lossless" })).toEqual({ mode: "lossless" });
    expect(compressionOf(5_000, { compression: "off" })).toEqual({ mode: "off" });
    expect(compressionOf(5_000, {}, "off")).toEqual({ mode: "off" });
  });
});

describe("definitions of tools", () => {
  const requestWith = (controls: Controls) => {
    const call = chatServerApi.readCall({ model: "nocp/auto", messages: [{ role: "user", content: "x" }] });
    return { ...composeRequest(call, controls, defaults, access), isHeld: isHeld(controls) };
  };

  it("stay as they are by default", () => {
    expect(requestWith({})).toMatchObject({ framing: "none", compression: { mode: "lossless" }, isHeld: false });
    expect(requestWith({}).compression).not.toHaveProperty("toolDefinitions");
  });

  it("are written shorter within the client's own request", () => {
    const compression = { mode: "lossless", toolDefinitions: "short" };
    expect(requestWith({ tool_definitions: "short" })).toMatchObject({ framing: "none", compression, isHeld: false });
  });

  it("are held back in NOCP's own prompt, whose answer is complete before it is sent", () => {
    const request = requestWith({ tool_definitions: "selected" });
    expect(request).toMatchObject({ compression: { mode: "lossless", toolDefinitions: "selected" }, isHeld: true });
    expect(request).not.toHaveProperty("framing");
    expect(requestWith({ tool_definitions: "selected", compression: "off" })).toMatchObject({ framing: "none", isHeld: false });
  });
});
